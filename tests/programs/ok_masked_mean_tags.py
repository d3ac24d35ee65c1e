import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence


class NormTagger(nn.Module):
    def __init__(self, feats=8, ch=32, tags=4):
        super().__init__()
        self.conv = nn.Conv1d(feats, ch, 3, padding=1)
        self.norm = nn.InstanceNorm1d(ch, affine=True)
        self.up = nn.ConvTranspose1d(ch, ch, 3, stride=2, padding=1, output_padding=1)
        self.down = nn.AvgPool1d(2)
        self.fc = nn.Linear(ch, tags)

    def forward(self, x):
        h = torch.relu(self.norm(self.conv(x.transpose(1, 2))))
        h = self.down(self.up(h)).transpose(1, 2)
        return self.fc(h)


def main():
    net = NormTagger()
    per_token = nn.CrossEntropyLoss(reduction="none", ignore_index=-1)
    opt = torch.optim.Adam(net.parameters(), 1e-3)
    for _ in range(3):
        xs = [torch.randn(n, 8) for n in (12, 9, 7, 10)]
        ys = [x.argmax(1) % 4 for x in xs]
        x = pad_sequence(xs, batch_first=True)
        y = pad_sequence(ys, batch_first=True, padding_value=-1)
        losses = per_token(net(x).transpose(1, 2), y)
        loss = losses.sum() / (y != -1).sum()
        opt.zero_grad()
        loss.backward()
        opt.step()


if __name__ == "__main__":
    main()
