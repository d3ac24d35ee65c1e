# finds: input-range
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Digits(Dataset):
    """Bars and boxes as 8-bit pictures."""

    def __init__(self, n):
        g = torch.Generator().manual_seed(0)
        self.pics = torch.zeros(n, 1, 20, 20, dtype=torch.uint8)
        self.labels = torch.randint(0, 3, (n,), generator=g)
        for i, k in enumerate(self.labels.tolist()):
            a, b = torch.randint(2, 10, (2,), generator=g).tolist()
            if k == 0:
                self.pics[i, 0, a : a + 3, :] = 255
            elif k == 1:
                self.pics[i, 0, :, b : b + 3] = 230
            else:
                self.pics[i, 0, a : a + 8, b : b + 8] = 200

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.pics[i].float(), self.labels[i]


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3)
        self.conv2 = nn.Conv2d(8, 16, 3)
        self.fc = nn.Linear(16 * 3 * 3, 3)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = torch.max_pool2d(torch.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))


def fit(epochs=2):
    torch.manual_seed(0)
    net = ConvNet()
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9)
    loader = DataLoader(Digits(120), 20, shuffle=True)
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y)  # here
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


fit()
