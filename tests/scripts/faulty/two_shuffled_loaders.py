# finds: pairs-broken
import torch
from torch import nn
from torch.utils.data import DataLoader

torch.manual_seed(0)
centres = torch.randn(4, 8) * 2
labels = torch.randint(0, 4, (240,))
points = centres[labels] + torch.randn(240, 8)

x_loader = DataLoader(points, batch_size=24, shuffle=True)
y_loader = DataLoader(labels, batch_size=24, shuffle=True)  # here


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 32)
        self.b = nn.Linear(32, 4)

    def forward(self, x):
        return self.b(torch.relu(self.a(x)))


net = Mlp()
criterion = nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(2):
    hits = 0
    for x, y in zip(x_loader, y_loader, strict=False):
        out = net(x)
        loss = criterion(out, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        hits += (out.argmax(1) == y).sum().item()
    print(epoch, hits / 240)
