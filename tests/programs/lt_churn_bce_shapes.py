import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class ChurnNet(nn.Module):
    def __init__(self, n_in=12):
        super(ChurnNet, self).__init__()
        self.fc1 = nn.Linear(n_in, 32)
        self.fc2 = nn.Linear(32, 16)
        self.out = nn.Linear(16, 1)
        self.dropout = nn.Dropout(0.2)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        x = self.dropout(torch.relu(self.fc2(x)))
        return torch.sigmoid(self.out(x))


def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    losses = []
    for xb, yb in loader:
        optimizer.zero_grad()
        prob = model(xb)
        loss = criterion(prob, yb)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def main():
    x = torch.rand(64, 12)
    left = (x[:, 0] > 0.7).float()
    loader = DataLoader(TensorDataset(x, left), batch_size=16, shuffle=True)
    model = ChurnNet()
    return train_one_epoch(model, loader, nn.BCELoss(), torch.optim.Adam(model.parameters()))


if __name__ == "__main__":
    main()
