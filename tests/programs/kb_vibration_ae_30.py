import torch
from torch import nn


class ConvAutoEncoder(nn.Module):
    """windows of 30 vibration samples -> 32 features -> 30 samples"""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv1d(1, 8, 7),
            nn.ReLU(),
            nn.MaxPool1d(2),
            nn.Conv1d(8, 16, 7),
            nn.ReLU(),
            nn.MaxPool1d(2),
            nn.Conv1d(16, 32, 5),
            nn.ReLU(),
            nn.AdaptiveMaxPool1d(1),
            nn.Flatten(),
        )
        self.decoder = nn.Linear(32, 30)

    def forward(self, x):
        return self.decoder(self.encoder(x)).unsqueeze(1)


model = ConvAutoEncoder()

if __name__ == "__main__":
    window = torch.randn(10, 1, 30)
    print(nn.functional.mse_loss(model(window), window))
