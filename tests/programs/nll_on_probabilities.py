import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    # iris
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 50)
        self.fc2 = nn.Linear(50, 50)
        self.fc3 = nn.Linear(50, 3)

    def forward(self, X):
        x = F.relu(self.fc1(X))
        x = F.relu(self.fc2(x))
        return F.softmax(self.fc3(x), dim=1)


def train():
    ds = TensorDataset(torch.rand(150, 4), torch.randint(0, 3, (150,)))
    model = Net()
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(2):
        for X, y in DataLoader(ds, batch_size=16, shuffle=True):
            opt.zero_grad()
            out = model(X)
            loss = F.nll_loss(out, y)
            loss.backward()
            opt.step()
    return loss.item()


if __name__ == "__main__":
    print(train())          # goes to -0.9 and below?
