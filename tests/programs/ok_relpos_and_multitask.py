import torch
from torch import nn

TASKS = {"age": 1, "sex": 2, "smoker": 2, "bmi": 1}
CONFIG = {"width": 40, "depth": 3, "dropout": 0.1}


def head_key(task):
    return f"head_{task}"


class ResBlock(nn.Module):
    def __init__(self, width, dropout):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.ff = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Dropout(dropout), nn.Linear(2 * width, width))

    def forward(self, x):
        return x + self.ff(self.norm(x))


class MultiTask(nn.Module):
    def __init__(self, n_features=30, config=CONFIG, tasks=TASKS):
        super().__init__()
        self.tasks = tasks
        self.inp = nn.Linear(n_features, config["width"])
        self.trunk = nn.Sequential(*[ResBlock(config["width"], config["dropout"]) for _ in range(config["depth"])])
        self.heads = nn.ModuleDict()
        for task, n_out in tasks.items():
            self.heads[head_key(task)] = nn.Linear(config["width"], n_out)

    def forward(self, x):
        h = self.trunk(self.inp(x))
        return {task: self.heads[head_key(task)](h) for task in self.tasks}


def main():
    model = MultiTask()
    out = model(torch.randn(4, 30))
    for k, v in out.items():
        print(k, tuple(v.shape))


if __name__ == "__main__":
    main()
