import torch
import torch.nn as nn


class MotifBank(nn.Module):
    def __init__(self, alphabet=21, motifs=6, widths=(5, 9, 15)):
        super().__init__()
        self.widths = widths
        self.scanners = tuple(
            nn.Conv1d(alphabet, motifs, w, padding=w // 2) for w in widths
        )
        self.motifs = motifs * len(widths)

    def forward(self, onehot):
        return torch.cat([torch.relu(scan(onehot)) for scan in self.scanners], dim=1)


class SecretionPredictor(nn.Module):
    """Is the protein secreted? One-hot residues (N, 21, L)."""

    def __init__(self, hidden=16):
        super().__init__()
        self.bank = MotifBank()
        self.squeeze = nn.Conv1d(self.bank.motifs, hidden, 1)
        self.out = nn.Linear(hidden, 1)

    def forward(self, onehot):
        z = torch.relu(self.squeeze(self.bank(onehot)))
        return self.out(z.amax(dim=2)).squeeze(1)
