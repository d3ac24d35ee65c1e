import torch
from torch import nn


class ConvEncoder(nn.Module):
    def __init__(self, latent=48):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, 3, stride=2, padding=1), nn.BatchNorm2d(16), nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
        )
        self.fc = nn.Linear(32, latent)

    def forward(self, frames):
        return self.fc(self.features(frames).flatten(1))


class LRCN(nn.Module):
    """CNN over frames, LSTM over time"""

    def __init__(self, latent=48, hidden=64, num_classes=6, bidirectional=True):
        super().__init__()
        self.conv = ConvEncoder(latent)
        self.lstm = nn.LSTM(latent, hidden, batch_first=True, bidirectional=bidirectional)
        self.output_layer = nn.Sequential(
            nn.Linear(2 * hidden if bidirectional else hidden, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Linear(hidden, num_classes),
        )
        self.softmax = nn.Softmax(dim=1)

    def forward(self, clip):
        b, t, c, h, w = clip.shape
        z = self.conv(clip.view(b * t, c, h, w)).view(b, t, -1)
        z, _ = self.lstm(z)
        pooled = z.mean(dim=1)
        scores = self.output_layer(pooled)
        return {"features": pooled, "logits": self.softmax(scores)}


def main():
    model = LRCN()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-5)
    for _ in range(2):
        clips, labels = torch.rand(2, 5, 3, 32, 32), torch.randint(0, 6, (2,))
        out = model(clips)
        loss = criterion(out["logits"], labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        acc = (out["logits"].argmax(1) == labels).float().mean()
    return acc


if __name__ == "__main__":
    main()
