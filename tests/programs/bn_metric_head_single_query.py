import torch
from torch import nn


class EmbedHead(nn.Module):
    def __init__(self, dim=40, out=16):
        super().__init__()
        self.fc1 = nn.Linear(dim, 32)
        self.bn = nn.BatchNorm1d(32)
        self.fc2 = nn.Linear(32, out)

    def forward(self, x):
        x = torch.relu(self.bn(self.fc1(x)))
        return nn.functional.normalize(self.fc2(x), dim=1)


def rank(net, query, gallery):
    with torch.no_grad():
        q = net(query.unsqueeze(0))
        g = net(gallery)
    return (g @ q.T).squeeze(1).argsort(descending=True)


def main():
    net = EmbedHead()
    gallery = torch.rand(25, 40)
    query = torch.rand(40)
    order = rank(net, query, gallery)
    print("best match:", order[0].item())
    return order


if __name__ == "__main__":
    main()
