import torch
import torch.nn as nn
import torch.nn.functional as F


class LowRankLinear(nn.Module):
    """W is replaced by the product of two thin matrices."""

    def __init__(self, n_in, n_out, rank):
        super(LowRankLinear, self).__init__()
        self.factors = [nn.Parameter(torch.randn(rank, n_in) * 0.1), nn.Parameter(torch.randn(n_out, rank) * 0.1)]

    def forward(self, x):
        for w in self.factors:
            x = F.linear(x, w)
        return x


class Decomp_Net(nn.Module):
    def __init__(self):
        super(Decomp_Net, self).__init__()
        self.fc1 = LowRankLinear(784, 50, rank=8)
        self.fc2 = LowRankLinear(50, 10, rank=4)

    def forward(self, x):
        x = x.view(-1, 784)
        return F.log_softmax(self.fc2(F.relu(self.fc1(x))), dim=1)


def train(lr=0.01):
    model = Decomp_Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.5)
    data, target = torch.rand(16, 1, 28, 28), torch.randint(0, 10, (16,))
    F.nll_loss(model(data), target).backward()
    optimizer.step()


if __name__ == "__main__":
    train()
