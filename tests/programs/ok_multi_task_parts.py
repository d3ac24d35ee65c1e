import argparse
import torch
from torch import nn
import torch.nn.functional as F


class MultiTask(nn.Module):
    def __init__(self, classes=7):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU())
        self.mask = nn.Conv2d(32, 1, 1)
        self.label = nn.Linear(32, classes)
        self.age = nn.Linear(32, 1)

    def forward(self, x):
        h = self.body(x)
        m = self.mask(h)
        # the mask weights the features that the labels are read from
        w = torch.sigmoid(m)
        pooled = (h * w).sum((2, 3)) / w.sum((2, 3)).clamp(min=1e-6)
        return {"mask": m, "attention": w, "label": self.label(pooled), "age": F.softplus(self.age(pooled))}


def main(argv=()):
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=4)
    args = parser.parse_args(argv)
    net = MultiTask()
    opt = torch.optim.AdamW(net.parameters(), 1e-3)
    x = torch.rand(args.batch, 3, 32, 32)
    seg = (torch.rand(args.batch, 1, 8, 8) > 0.5).float()
    y, age = torch.randint(0, 7, (args.batch,)), torch.rand(args.batch, 1) * 80
    out = net(x)
    loss = F.binary_cross_entropy_with_logits(out["mask"], seg) + F.cross_entropy(out["label"], y)
    loss = loss + 0.01 * F.l1_loss(out["age"], age) + 1e-3 * out["attention"].mean()
    loss.backward()
    opt.step()
    return F.softmax(out["label"], dim=1).argmax(1)


if __name__ == "__main__":
    main()
