import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset

CONFIG = {
    "hidden_sizes": [128, 64],
    "num_classes": 11,
    "lr": 3e-4,
    "batch_size": 8,
}


class Landmarks(Dataset):
    """21 hand points with x, y, z"""

    def __init__(self, n=40):
        self.x = torch.randn(n, 63)
        self.y = torch.randint(0, CONFIG["num_classes"], (n,))

    def __len__(self):
        return len(self.y)

    def __getitem__(self, index):
        return self.x[index], self.y[index]


class GestureNet(nn.Module):
    def __init__(self, n_in=63, config=CONFIG):
        super().__init__()
        sizes = [n_in] + config["hidden_sizes"] + [config["num_classes"]]
        layers = []
        for i in range(len(sizes) - 1):
            layers.append(nn.Linear(sizes[i], sizes[i + 1]))
            layers.append(nn.ReLU())
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x)


def fit(epochs=2):
    loader = DataLoader(Landmarks(), batch_size=CONFIG["batch_size"], shuffle=True)
    model = GestureNet()
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=CONFIG["lr"])
    for epoch in range(epochs):
        model.train()
        for x, y in loader:
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()


if __name__ == "__main__":
    fit()
