# finds: input-range
import torch
import torch.nn.functional as F
from torch import nn


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.head = nn.Linear(8 * 8 * 8, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        return self.head(x.flatten(1))


torch.manual_seed(0)
photos = torch.randint(0, 256, (64, 3, 16, 16), dtype=torch.uint8)
classes = torch.randint(0, 10, (64,))
net = Classifier()
optimizer = torch.optim.SGD(net.parameters(), lr=1e-5)
for start in range(0, 64, 16):
    batch = photos[start : start + 16].float()
    optimizer.zero_grad()
    loss = F.cross_entropy(net(batch), classes[start : start + 16])  # here
    loss.backward()
    optimizer.step()
