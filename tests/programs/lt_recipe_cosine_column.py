"""Joint embedding of dishes and recipes."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class Recipe1M(Dataset):
    def __init__(self, size=20, mismatch=0.8):
        self.size, self.mismatch = size, mismatch

    def __len__(self):
        return self.size

    def __getitem__(self, i):
        g = torch.Generator().manual_seed(i)
        match = torch.rand(1, generator=g).item() > self.mismatch
        target = 1 if match else -1
        return torch.rand(3, 32, 32, generator=g), torch.rand(20, 16, generator=g), torch.LongTensor([target])


def norm(x, p=2, dim=1, eps=1e-12):
    return x / x.norm(p, dim, keepdim=True).clamp(min=eps).expand_as(x)


class Im2Recipe(nn.Module):
    def __init__(self, dim=24):
        super().__init__()
        self.vision = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(),
                                    nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.lstm = nn.LSTM(16, 12, bidirectional=True, batch_first=True)
        self.visual_embedding = nn.Sequential(nn.Linear(16, dim), nn.Tanh())
        self.recipe_embedding = nn.Sequential(nn.Linear(24, dim), nn.Tanh())

    def forward(self, image, steps):
        _, (h, _) = self.lstm(steps)
        recipe = torch.cat([h[0], h[1]], dim=1)
        return norm(self.visual_embedding(self.vision(image))), norm(self.recipe_embedding(recipe))


def main():
    loader = DataLoader(Recipe1M(), batch_size=10, shuffle=True, drop_last=True)
    model = Im2Recipe()
    criterion = nn.CosineEmbeddingLoss(0.1)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    for image, steps, target in loader:
        visual, recipe = model(image, steps)
        loss = criterion(visual, recipe, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
