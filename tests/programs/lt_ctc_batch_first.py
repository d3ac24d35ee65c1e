import torch
import torch.nn as nn
import torch.nn.functional as F

LABELS = "_'ABCDEFGHIJKLMNOPQRSTUVWXYZ "
hparams = dict(n_mels=40, rnn_dim=32, layers=2, batch=4, frames=120)


class CNNLayerNorm(nn.Module):
    def __init__(self, n_feats):
        super().__init__()
        self.layer_norm = nn.LayerNorm(n_feats)

    def forward(self, x):
        x = x.transpose(2, 3).contiguous()
        return self.layer_norm(x).transpose(2, 3).contiguous()


class SpeechNet(nn.Module):
    def __init__(self, n_mels=40, rnn_dim=32, layers=2, n_class=len(LABELS)):
        super().__init__()
        self.cnn = nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.norm = CNNLayerNorm(n_mels // 2)
        self.fc = nn.Linear(8 * (n_mels // 2), rnn_dim)
        self.rnn = nn.GRU(rnn_dim, rnn_dim, layers, batch_first=True, bidirectional=True)
        self.classifier = nn.Sequential(nn.Linear(rnn_dim * 2, rnn_dim), nn.GELU(), nn.Linear(rnn_dim, n_class))

    def forward(self, x):
        x = F.gelu(self.norm(self.cnn(x)))
        b, c, f, t = x.size()
        x = x.view(b, c * f, t).transpose(1, 2)
        x, _ = self.rnn(self.fc(x))
        return self.classifier(x)


def collate(n, frames, n_mels):
    specs = torch.randn(n, 1, n_mels, frames)
    labels = torch.randint(1, len(LABELS), (n, 18))
    input_lengths = torch.full((n,), frames // 2, dtype=torch.long)
    label_lengths = torch.randint(6, 18, (n,))
    return specs, labels, input_lengths, label_lengths


def main():
    model = SpeechNet(hparams["n_mels"], hparams["rnn_dim"], hparams["layers"])
    criterion = nn.CTCLoss(blank=0, zero_infinity=True)
    optimizer = torch.optim.AdamW(model.parameters(), 5e-4)
    specs, labels, input_lengths, label_lengths = collate(hparams["batch"], hparams["frames"], hparams["n_mels"])
    optimizer.zero_grad()
    output = model(specs)  # (batch, time, n_class)
    output = F.log_softmax(output, dim=2)
    loss = criterion(output, labels, input_lengths, label_lengths)
    loss.backward()
    optimizer.step()


if __name__ == "__main__":
    main()
