import itertools

import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info


class SpiralStream(IterableDataset):
    def __init__(self, seed):
        self.seed = seed

    def __iter__(self):
        info = get_worker_info()
        g = torch.Generator().manual_seed(self.seed + (info.id if info else 0))
        while True:
            label = int(torch.randint(0, 2, (1,), generator=g))
            t = torch.rand(1, generator=g) * 6
            point = torch.cat([t * torch.cos(t + 3.14 * label), t * torch.sin(t + 3.14 * label)]) / 6
            yield point + 0.02 * torch.randn(2, generator=g), float(label)


def accuracy(model, n=200):
    was = model.training
    model.eval()
    xs, ys = zip(*itertools.islice(SpiralStream(99), n), strict=False)
    with torch.no_grad():
        out = model(torch.stack(xs)).squeeze(-1)
    model.train(was)
    return ((out > 0) == (torch.tensor(ys) > 0.5)).float().mean().item()


def main(steps=60):
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(2, 32), nn.Tanh(), nn.Dropout(0.05), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1)
    )
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    loss_fn = nn.BCEWithLogitsLoss()
    it = iter(DataLoader(SpiralStream(0), batch_size=32, num_workers=2))
    for step in range(steps):
        x, y = next(it)
        loss = loss_fn(model(x).squeeze(-1), y.float())
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 20 == 0:
            print(step, loss.item(), accuracy(model))


if __name__ == "__main__":
    main()
