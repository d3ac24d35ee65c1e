import torch
from torch import nn

NUM_Z = 50


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(3, 16, 5, 4, 2), nn.ReLU(), nn.Conv2d(16, 32, 5, 4, 2), nn.ReLU())
        self.fc = nn.Sequential(nn.Flatten(), nn.Linear(32 * 2 * 2, NUM_Z), nn.Tanh())

    def forward(self, face):
        return self.fc(self.conv(face))


class DiscriminatorZ(nn.Module):
    def __init__(self):
        super().__init__()
        dims = (NUM_Z, 64, 32)
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU()) for a, b in zip(dims[:-1], dims[1:])
        )
        self.out = nn.Linear(32, 1)

    def forward(self, z):
        for layer in self.layers:
            z = layer(z)
        return self.out(z)


def teach(batch_size=64):
    faces = torch.rand(321, 3, 32, 32)
    E, Dz = Encoder(), DiscriminatorZ()
    bce = nn.BCEWithLogitsLoss()
    for start in range(0, len(faces), batch_size):
        images = faces[start:start + batch_size]
        z_prior = torch.rand(images.size(0), NUM_Z) * 2 - 1
        d_z_prior, d_z = Dz(z_prior), Dz(E(images))
        loss = bce(d_z_prior, torch.ones_like(d_z_prior)) + bce(d_z, torch.zeros_like(d_z))
        loss.backward()


if __name__ == "__main__":
    teach()
