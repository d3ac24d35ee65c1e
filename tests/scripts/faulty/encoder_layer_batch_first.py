# finds: sequence-order
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class SequenceClassifier(nn.Module):
    def __init__(self, width=24, classes=3):
        super().__init__()
        self.inp = nn.Linear(6, width)
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(d_model=width, nhead=4, dim_feedforward=48),  # here
            num_layers=1,
            enable_nested_tensor=False,
        )
        self.fc = nn.Linear(width, classes)

    def forward(self, x):
        # x: (batch, length, 6)
        h = self.encoder(self.inp(x))
        return self.fc(h.mean(dim=1))


def data(n):
    x = torch.randn(n, 30, 6)
    return TensorDataset(x, x[:, :, :3].mean(1).argmax(1))


def main():
    torch.manual_seed(0)
    train = DataLoader(data(160), batch_size=20, shuffle=True)
    test = DataLoader(data(60), batch_size=20)
    model = SequenceClassifier()
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(2):
        model.train()
        for x, y in train:
            opt.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            opt.step()
        model.eval()
        with torch.no_grad():
            acc = torch.cat([model(x).argmax(1) == y for x, y in test]).float().mean()
        print(epoch, acc.item())


if __name__ == "__main__":
    main()
