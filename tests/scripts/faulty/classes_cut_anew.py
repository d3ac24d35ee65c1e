# finds: axes-cut-anew
import torch
from torch import nn

torch.manual_seed(0)
num_classes = 4


class FCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1), nn.ReLU()
        )
        self.classifier = nn.Conv2d(16, num_classes, 1)

    def forward(self, x):
        return self.classifier(self.enc(x))


def train_epoch(net, batches, opt):
    for image, mask in batches:
        logits = net(image)
        loss = nn.functional.cross_entropy(logits.view(-1, num_classes), mask.view(-1))  # here
        opt.zero_grad()
        loss.backward()
        opt.step()
    return loss.item()


batches = []
for _ in range(8):
    image = torch.rand(4, 3, 20, 20)
    batches.append(((image - 0.5) / 0.29, (image.mean(1) * num_classes).long().clamp(0, num_classes - 1)))
net = FCN()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(3):
    print(epoch, train_epoch(net, batches, opt))
