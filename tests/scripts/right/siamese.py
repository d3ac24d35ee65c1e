# One network called twice for one loss.
import torch
import torch.nn.functional as F
from torch import nn, optim


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten()
        )
        self.fc = nn.Sequential(nn.Linear(64, 32), nn.ReLU(inplace=True), nn.Linear(32, 1))
        self.sigmoid = nn.Sigmoid()

    def forward_once(self, x):
        return self.features(x)

    def forward(self, one, other):
        return self.sigmoid(self.fc(torch.cat((self.forward_once(one), self.forward_once(other)), 1)))


torch.manual_seed(0)
model = Siamese()
criterion = nn.BCELoss()
optimizer = optim.Adadelta(model.parameters(), lr=1.0)
model.train()
for _step in range(6):
    one, other, same = (
        torch.randn(12, 1, 10, 10),
        torch.randn(12, 1, 10, 10),
        torch.randint(0, 2, (12,)).float(),
    )
    optimizer.zero_grad()
    loss = criterion(model(one, other).squeeze(), same)
    loss.backward()
    optimizer.step()
model.eval()
with torch.no_grad():
    outputs = model(one, other).squeeze()
    pred = torch.where(outputs > 0.5, 1, 0)
    print(F.l1_loss(outputs, same).item(), pred.eq(same.view_as(pred)).sum().item())
