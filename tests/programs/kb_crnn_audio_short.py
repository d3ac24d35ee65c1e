import torch
import torch.nn as nn

FRAMES = 20

CONVS = [(1, 8, 3, 1), (8, 16, 3, 1), (16, 16, 3, 1)]


class AudioCRNN(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        mods = []
        for cin, cout, k, s in CONVS:
            mods.append(nn.Conv2d(cin, cout, kernel_size=k, stride=s))
            mods.append(nn.BatchNorm2d(cout))
            mods.append(nn.ELU())
            mods.append(nn.MaxPool2d(3, 3))
        self.convs = nn.Sequential(*mods)
        self.recur = nn.LSTM(16 * 3, 24, batch_first=True)
        self.dense = nn.Linear(24, classes)

    def forward(self, spec):
        x = self.convs(spec)
        x = x.permute(0, 3, 1, 2).flatten(2)
        out, _ = self.recur(x)
        return self.dense(out[:, -1])


def infer():
    spec = torch.rand(1, 1, 128, FRAMES)
    return AudioCRNN().eval()(spec)


if __name__ == "__main__":
    print(infer())
