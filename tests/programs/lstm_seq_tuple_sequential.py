import torch
from torch import nn

n_features, hidden = 9, 24

model = nn.Sequential(
    nn.LSTM(n_features, hidden, num_layers=2, batch_first=True),
    nn.ReLU(),
    nn.Linear(hidden, 3),
)

if __name__ == "__main__":
    print(model(torch.randn(4, 12, 9)).shape)
