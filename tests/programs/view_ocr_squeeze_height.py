import torch
import torch.nn as nn

CHARS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ-"
img_h = 48


class BiLSTM(nn.Module):
    def __init__(self, n_in, n_hidden, n_out):
        super().__init__()
        self.rnn = nn.LSTM(n_in, n_hidden, bidirectional=True)
        self.embedding = nn.Linear(n_hidden * 2, n_out)

    def forward(self, x):
        recurrent, _ = self.rnn(x)
        t, b, h = recurrent.size()
        return self.embedding(recurrent.view(t * b, h)).view(t, b, -1)


class PlateReader(nn.Module):
    def __init__(self, n_class=len(CHARS), nh=32):
        super().__init__()
        self.cnn = nn.Sequential(
            nn.Conv2d(1, 16, 3, 1, 1), nn.ReLU(True), nn.MaxPool2d(2, 2),
            nn.Conv2d(16, 32, 3, 1, 1), nn.ReLU(True), nn.MaxPool2d(2, 2),
            nn.Conv2d(32, 64, 3, 1, 1), nn.BatchNorm2d(64), nn.ReLU(True),
            nn.MaxPool2d((2, 2), (2, 1), (0, 1)),
            nn.Conv2d(64, 64, (3, 2)), nn.ReLU(True),
            nn.MaxPool2d((2, 1), (2, 1)),
        )
        self.rnn = nn.Sequential(BiLSTM(64, nh, nh), BiLSTM(nh, nh, n_class))

    def forward(self, x):
        conv = self.cnn(x)
        conv = conv.squeeze(2)
        conv = conv.permute(2, 0, 1)  # [w, b, c]
        return self.rnn(conv).log_softmax(2)


def greedy(logp):
    best = logp.argmax(2).transpose(0, 1)
    return ["".join(CHARS[i] for i in row if i) for row in best.tolist()]


def main():
    plates = torch.rand(2, 1, img_h, 160)
    print(greedy(PlateReader()(plates)))


if __name__ == "__main__":
    main()
