# finds: parameters-without-gradient
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class Boxes(Dataset):
    def __len__(self):
        return 256

    def __getitem__(self, i):
        g = torch.Generator().manual_seed(i)
        img = torch.rand(3, 16, 16, generator=g)
        return img, torch.tensor(i % 3), img.mean(dim=(1, 2)) + 0.1


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 16, 3, 2, 1), nn.ReLU(), nn.Flatten()
        )
        self.cls = nn.Linear(256, 3)
        self.box = nn.Linear(256, 3)

    def forward(self, x):
        f = self.body(x)
        return self.cls(f), self.box(f)


torch.manual_seed(0)
net = Detector()
opt = torch.optim.Adam(net.parameters(), 1e-3)
ce, l1 = nn.CrossEntropyLoss(), nn.L1Loss()
for img, label, box in DataLoader(Boxes(), batch_size=32, shuffle=True):
    scores, boxes = net(img)
    losses = {"cls": ce(scores, label).item(), "box": l1(boxes, box).item()}
    loss = torch.tensor(sum(losses.values()), requires_grad=True)  # here
    opt.zero_grad()
    loss.backward()
    opt.step()
    print({k: round(v, 3) for k, v in losses.items()})
