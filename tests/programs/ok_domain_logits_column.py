import torch
from torch import nn
from torch.autograd import Function


class GradFlip(Function):
    @staticmethod
    def forward(ctx, x, lam):
        ctx.lam = lam
        return x.view_as(x)

    @staticmethod
    def backward(ctx, g):
        return -ctx.lam * g, None


class DomainNet(nn.Module):
    def __init__(self, classes=5):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 8, 5), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(3), nn.Flatten())
        self.label = nn.Sequential(nn.Linear(72, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, classes))
        self.domain = nn.Sequential(nn.Linear(72, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, x, lam=1.0):
        f = self.body(x)
        return self.label(f), self.domain(GradFlip.apply(f, lam))

    @torch.no_grad()
    def is_target(self, x):
        return torch.sigmoid(self(x)[1]).squeeze(1) > 0.5


def train(epochs=3, n=12):
    net = DomainNet()
    ce, bce = nn.CrossEntropyLoss(), nn.BCEWithLogitsLoss()
    opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    for epoch in range(epochs):
        net.train()
        xs, ys, xt = torch.rand(n, 1, 28, 28), torch.randint(0, 5, (n,)), torch.rand(n, 1, 28, 28)
        lam = 2 / (1 + torch.exp(torch.tensor(-10.0 * epoch / epochs)).item()) - 1
        cls_s, dom_s = net(xs, lam)
        _, dom_t = net(xt, lam)
        loss = ce(cls_s, ys) + bce(dom_s, torch.zeros(n, 1)) + bce(dom_t, torch.ones(n, 1))
        opt.zero_grad()
        loss.backward()
        opt.step()
        net.eval()
        net.is_target(xt)


if __name__ == "__main__":
    train()
