import torch
import torch.nn as nn


class RainNet(nn.Module):
    def __init__(self, n_in=9, width=40):
        super().__init__()
        self.inp = nn.Linear(n_in, width)
        self.hidden1 = nn.Linear(width, width)
        self.hidden2 = nn.Linear(width, width)
        self.drop = nn.Dropout(0.25)
        self.outp = nn.Linear(width, 1)

    def forward(self, x):
        x = torch.relu(self.inp(x))
        x = torch.relu(self.hidden1(x))
        x = self.drop(x)
        return self.outp(x)


def main():
    x = torch.rand(60, 9)
    rain = (x.sum(1, keepdim=True) > 4.5).float()
    model = RainNet()
    crit = nn.BCEWithLogitsLoss()
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(4):
        model.train()
        for i in range(0, 60, 20):
            opt.zero_grad()
            loss = crit(model(x[i:i + 20]), rain[i:i + 20])
            loss.backward()
            opt.step()
        model.eval()
        with torch.no_grad():
            acc = ((model(x) > 0).float() == rain).float().mean()
        print(epoch, acc.item())


if __name__ == "__main__":
    main()
