import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Doc(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(30, 8, bias=False)
        self.norm = nn.BatchNorm1d(8)
        self.out = nn.Linear(8, 2)

    def forward(self, v):
        return self.out(torch.relu(self.norm(self.fc(v))))


def train():
    docs = TensorDataset(torch.randn(33, 30), torch.randint(0, 2, (33,)))
    loader = DataLoader(docs, batch_size=16, shuffle=True, drop_last=True)
    test_loader = DataLoader(docs, batch_size=1)
    model = Doc()
    opt = torch.optim.Adam(model.parameters())
    for v, y in loader:
        loss = nn.functional.cross_entropy(model(v), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    for v, y in test_loader:
        model(v)
