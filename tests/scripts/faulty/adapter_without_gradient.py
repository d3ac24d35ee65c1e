# finds: parameters-without-gradient
import torch
from torch import nn


class Adapted(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(20, 64), nn.Tanh(), nn.Linear(64, 32))
        self.adapter = nn.Linear(32, 32)
        self.head = nn.Linear(32, 4)
        self.body.requires_grad_(False)

    def forward(self, x):
        with torch.no_grad():
            h = self.body(x)
            h = h + torch.relu(self.adapter(h))  # here
        return self.head(h)


def main():
    torch.manual_seed(0)
    model = Adapted()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-3)
    for _ in range(12):
        x = torch.randn(32, 20)
        loss = nn.functional.cross_entropy(model(x), x[:, :4].argmax(1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(loss.item())


main()
