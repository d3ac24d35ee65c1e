import torch
import torch.nn as nn
import torch.nn.functional as F


class ConvAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU(),
        )
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1), nn.ReLU(),
            nn.ConvTranspose2d(16, 1, 3, stride=2, padding=1), nn.Sigmoid(),
        )

    def forward(self, x):
        return self.decoder(self.encoder(x))


def train():
    net = ConvAE()
    opt = torch.optim.Adam(net.parameters())
    for _ in range(2):
        img = torch.rand(16, 1, 28, 28)
        recon = net(img)
        loss = F.mse_loss(recon, img)
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    train()
