import torch
from torch import nn


class MMoE(nn.Module):
    """multi-gate mixture of experts for click and purchase"""

    tasks = ("ctr", "cvr")

    def __init__(self, n_features, n_experts=3, expert_out=24, gate_hidden=8):
        super().__init__()
        self.n_experts = n_experts
        self.experts = nn.ModuleList(self._mlp([n_features, 32, expert_out]) for _ in range(n_experts))
        self.gates = nn.ModuleDict({t: nn.Sequential(nn.Linear(n_features, gate_hidden), nn.Tanh(),
                                                     nn.Linear(gate_hidden, n_experts), nn.Softmax(dim=-1))
                                    for t in self.tasks})
        self.towers = {t: self._mlp([expert_out, 16, 1]) for t in self.tasks}

    @staticmethod
    def _mlp(sizes):
        layers = []
        for i in range(len(sizes) - 1):
            layers += [nn.Linear(sizes[i], sizes[i + 1])]
            if i < len(sizes) - 2:
                layers += [nn.ReLU()]
        return nn.Sequential(*layers)

    def forward(self, x):
        outs = torch.stack([e(x) for e in self.experts], dim=1)
        result = {}
        for task in self.tasks:
            w = self.gates[task](x).unsqueeze(-1)
            mixed = (w * outs).sum(dim=1)
            result[task] = torch.sigmoid(self.towers[task](mixed)).squeeze(-1)
        return result


def train(steps=3):
    torch.manual_seed(1)
    model = MMoE(20)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-6)
    bce = nn.BCELoss()
    for _ in range(steps):
        x = torch.randn(32, 20)
        labels = {"ctr": torch.randint(0, 2, (32,)).float(), "cvr": torch.randint(0, 2, (32,)).float()}
        pred = model(x)
        loss = sum(bce(pred[t], labels[t]) for t in model.tasks)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


if __name__ == "__main__":
    train()
