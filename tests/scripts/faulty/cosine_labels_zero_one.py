# finds: loss-target
"""Siamese encoder: are two short recordings of the same speaker?"""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class SpeakerPairs(Dataset):
    def __init__(self, n_speakers=12, n_pairs=256, dim=40):
        self.voices = torch.randn(n_speakers, dim)
        self.n_speakers, self.n_pairs = n_speakers, n_pairs

    def __len__(self):
        return self.n_pairs

    def __getitem__(self, i):
        a = torch.randint(0, self.n_speakers, ()).item()
        same = i % 2 == 0
        b = a if same else (a + 1 + torch.randint(0, self.n_speakers - 1, ()).item()) % self.n_speakers
        one = self.voices[a] + 0.5 * torch.randn(40)
        two = self.voices[b] + 0.5 * torch.randn(40)
        return one, two, torch.tensor(1.0 if same else 0.0)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(40, 64), nn.ReLU(), nn.Linear(64, 16))

    def forward(self, x):
        return self.layers(x)


torch.manual_seed(17)
loader = DataLoader(SpeakerPairs(), batch_size=32, shuffle=True)
encoder = Encoder()
optimizer = torch.optim.Adam(encoder.parameters(), lr=1e-3)
criterion = nn.CosineEmbeddingLoss(margin=0.3)

for epoch in range(4):
    total = 0.0
    for one, two, same in loader:
        loss = criterion(encoder(one), encoder(two), same)  # here
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch} loss {total / len(loader):.4f}")
