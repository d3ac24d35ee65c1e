# finds: parameters-without-gradient
import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 8))

    def forward(self, x):
        return self.net(x)


def postprocess(z):
    z = z.detach().cpu().numpy()  # here
    z = z / (abs(z).max(axis=1, keepdims=True) + 1e-6)
    return torch.from_numpy(z)


def main():
    torch.manual_seed(0)
    enc, head = Encoder(), nn.Linear(8, 2)
    opt = torch.optim.Adam([*enc.parameters(), *head.parameters()], lr=1e-3)
    for _step in range(30):
        x = torch.randn(48, 20)
        y = (x.sum(1) > 0).long()
        z = postprocess(enc(x))
        loss = nn.functional.cross_entropy(head(z), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print("final", loss.item())


if __name__ == "__main__":
    main()
