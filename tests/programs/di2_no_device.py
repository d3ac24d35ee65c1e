import torch
import torch.nn as nn


class Generator(nn.Module):
    """class-conditional, noise drawn inside"""

    def __init__(self, z_dim=32, n_classes=10, width=16, img=28):
        super().__init__()
        self.z_dim = z_dim
        self.img = img
        self.label = nn.Embedding(n_classes, z_dim)
        self.start = img // 4
        self.fc = nn.Linear(2 * z_dim, width * 2 * self.start ** 2)
        self.body = nn.Sequential(
            nn.BatchNorm2d(width * 2), nn.ReLU(),
            nn.ConvTranspose2d(width * 2, width, 4, 2, 1), nn.BatchNorm2d(width), nn.ReLU(),
            nn.ConvTranspose2d(width, 1, 4, 2, 1), nn.Tanh(),
        )

    def forward(self, labels):
        z = torch.randn(labels.size(0), self.z_dim, device=self.device)
        h = self.fc(torch.cat([z, self.label(labels)], dim=1))
        return self.body(h.view(labels.size(0), -1, self.start, self.start))


def sample(n=8):
    net = Generator()
    with torch.no_grad():
        return net(torch.arange(n) % 10)


if __name__ == "__main__":
    print(sample().shape)
