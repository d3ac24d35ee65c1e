import torch
import torch.nn as nn
import torch.nn.functional as F


class NormalityRecall(nn.Module):
    """memory of L normal prototypes, read by cosine similarity"""

    def __init__(self, channel, L=20):
        super().__init__()
        self.L = L
        self.keys = torch.randn(L, channel)
        self.values = torch.randn(L, channel)
        self.norm = nn.BatchNorm2d(channel)

    def forward(self, x):
        b, c, h, w = x.shape
        q = x.permute(0, 2, 3, 1).reshape(-1, c)
        scores = F.normalize(q, dim=1) @ F.normalize(self.keys, dim=1).t()
        read = torch.softmax(scores, dim=1) @ self.values
        read = read.view(b, h, w, c).permute(0, 3, 1, 2)
        return self.norm(x + read)


class Stage(nn.Module):
    def __init__(self, cin, cout, memory):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(cin, cout, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(cout),
            nn.ReLU(inplace=True),
        )
        self.recall = NormalityRecall(cout) if memory else nn.Identity()

    def forward(self, x):
        return self.recall(self.body(x))


class Student(nn.Module):
    def __init__(self, widths=(16, 32, 64)):
        super().__init__()
        chans = [3, *widths]
        self.stages = nn.ModuleList([Stage(a, b, memory=i > 0) for i, (a, b) in enumerate(zip(chans, chans[1:]))])

    def forward(self, x):
        feats = []
        for stage in self.stages:
            x = stage(x)
            feats.append(x)
        return feats


if __name__ == "__main__":
    student = Student()
    teacher = [torch.rand(2, c, s, s) for c, s in ((16, 16), (32, 8), (64, 4))]
    opt = torch.optim.Adam(student.parameters(), lr=4e-3)
    loss = sum(1 - F.cosine_similarity(a, b).mean() for a, b in zip(student(torch.rand(2, 3, 32, 32)), teacher))
    opt.zero_grad()
    loss.backward()
    opt.step()
