# Pictures to pictures, with an orthogonal initialisation.
import torch
from torch import nn, optim
from torch.nn import init
from torch.utils.data import DataLoader, Dataset


class Pairs(Dataset):
    def __init__(self, count):
        self.large = torch.rand(count, 1, 16, 16)

    def __len__(self):
        return len(self.large)

    def __getitem__(self, index):
        large = self.large[index]
        return nn.functional.avg_pool2d(large, 2), large


class Net(nn.Module):
    def __init__(self, upscale_factor):
        super().__init__()
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv2d(1, 16, (5, 5), (1, 1), (2, 2))
        self.conv2 = nn.Conv2d(16, 16, (3, 3), (1, 1), (1, 1))
        self.conv3 = nn.Conv2d(16, upscale_factor**2, (3, 3), (1, 1), (1, 1))
        self.pixel_shuffle = nn.PixelShuffle(upscale_factor)
        init.orthogonal_(self.conv1.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv2.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv3.weight)

    def forward(self, x):
        return self.pixel_shuffle(self.conv3(self.relu(self.conv2(self.relu(self.conv1(x))))))


torch.manual_seed(0)
training = DataLoader(Pairs(48), batch_size=8, shuffle=True)
testing = DataLoader(Pairs(16), batch_size=8)
model = Net(2)
criterion = nn.MSELoss()
optimizer = optim.Adam(model.parameters(), lr=0.001)
for epoch in range(2):
    epoch_loss = 0
    for batch in training:
        small, target = batch[0], batch[1]
        optimizer.zero_grad()
        loss = criterion(model(small), target)
        epoch_loss += loss.item()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        psnr = [10 * torch.log10(1 / criterion(model(small), target)) for small, target in testing]
    print(epoch, epoch_loss, sum(p.item() for p in psnr))
