import numpy as np
import torch
import torch.nn as nn


def shared_mlp(sizes):
    out = []
    for i in range(1, len(sizes)):
        out.extend([nn.Conv1d(sizes[i - 1], sizes[i], 1), nn.BatchNorm1d(sizes[i]), nn.ReLU(True)])
    return nn.Sequential(*out)


class Encoder(nn.Module):
    def __init__(self, use_normals=False):
        super().__init__()
        d = 6 if use_normals else 3
        self.local = shared_mlp([d, 32, 64])
        self.glob = shared_mlp([64, 128, 256])

    def forward(self, p):
        f = self.local(p)
        g = self.glob(f)
        return g.max(dim=-1).values


class ShapeNetClassifier(nn.Module):
    def __init__(self, n_cls=16):
        super().__init__()
        self.encoder = Encoder()
        self.cls = nn.Sequential(
            nn.Linear(256, 128), nn.BatchNorm1d(128), nn.ReLU(True), nn.Dropout(p=0.4), nn.Linear(128, n_cls)
        )

    def forward(self, pts):
        feats = self.encoder(pts)
        return self.cls(feats)


def random_point_cloud(n=1024):
    pts = np.random.randn(n, 3).astype(np.float32)
    pts -= pts.mean(axis=0)
    return pts / np.abs(pts).max()


def main(batch=8):
    model = ShapeNetClassifier()
    clouds = torch.from_numpy(np.stack([random_point_cloud() for _ in range(batch)]))
    labels = torch.randint(0, 16, (batch,))
    loss = nn.CrossEntropyLoss()(model(clouds), labels)
    loss.backward()
    print(loss.item())


if __name__ == "__main__":
    main()
