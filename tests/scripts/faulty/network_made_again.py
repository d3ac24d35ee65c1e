# finds: optimizer-misses-parameters
import torch
from torch import nn

torch.manual_seed(0)


def make_model(depth):
    layers = [nn.Linear(8, 32), nn.ReLU()]
    for _ in range(depth):
        layers += [nn.Linear(32, 32), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(32, 3))


model = make_model(1)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)  # here
criterion = nn.CrossEntropyLoss()

# deeper one works better
model = make_model(3)

data = torch.randn(640, 8)
labels = data[:, :3].argmax(1)
for epoch in range(3):
    for chunk in torch.randperm(640).split(64):
        optimizer.zero_grad()
        loss = criterion(model(data[chunk]), labels[chunk])
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
