import torch
from torch import nn


class TDNN(nn.Module):
    def __init__(self, mels=40, emb=32, p=0.25):
        super().__init__()
        self.frame1 = nn.Conv1d(mels, 64, 5, dilation=1)
        self.frame2 = nn.Conv1d(64, 64, 3, dilation=2)
        self.p = p
        self.segment = nn.Linear(128, emb)

    def forward(self, x):
        x = torch.relu(self.frame1(x))
        x = torch.dropout(x, self.p, True)
        x = torch.relu(self.frame2(x))
        stats = torch.cat([x.mean(-1), x.std(-1)], dim=1)
        return self.segment(stats)


if __name__ == "__main__":
    net = TDNN().eval()
    a = torch.randn(1, 40, 60)
    print(torch.cosine_similarity(net(a), net(a)))     # should be 1
