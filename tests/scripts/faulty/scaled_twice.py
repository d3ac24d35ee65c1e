# finds: input-range
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class Digits(Dataset):
    """Grey images as bytes, like those of the scanner."""

    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.labels = torch.randint(0, 10, (n,), generator=g)
        self.images = torch.randint(0, 90, (n, 28, 28), generator=g, dtype=torch.uint8)
        for i, label in enumerate(self.labels):
            self.images[i, 2 * label : 2 * label + 4, 4:24] += 150

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, idx):
        image = self.images[idx].float().unsqueeze(0) / 255.0
        return image, self.labels[idx]


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 84)
        self.fc2 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        return self.fc2(x)


torch.manual_seed(0)
train_loader = DataLoader(Digits(300, 1), batch_size=30, shuffle=True)
test_loader = DataLoader(Digits(60, 2), batch_size=60)
device = torch.device("cpu")
model = LeNet().to(device)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

for epoch in range(3):
    model.train()
    for images, labels in train_loader:
        images = images.to(device) / 255  # here
        labels = labels.to(device)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        correct = sum((model(x.to(device)).argmax(1) == y.to(device)).sum().item() for x, y in test_loader)
    print(epoch, loss.item(), correct / 60)
