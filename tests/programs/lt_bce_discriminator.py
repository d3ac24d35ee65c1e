import torch
import torch.nn as nn


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(3, 8, 4, 2, 1), nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(8, 16, 4, 2, 1), nn.LeakyReLU(0.2, inplace=True),
        )
        self.fc = nn.Linear(16 * 4 * 4, 1)

    def forward(self, x):
        out = self.main(x)
        return torch.sigmoid(self.fc(out.view(out.size(0), -1)))


def train_step():
    D = Discriminator()
    bce = nn.BCELoss()
    optim_d = torch.optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.999))
    real_tensor = torch.ones(20)
    real = torch.rand(20, 3, 16, 16)
    optim_d.zero_grad()
    real_loss = bce(D(real), real_tensor)
    real_loss.backward()
    optim_d.step()
