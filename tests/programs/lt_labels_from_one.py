import torch
from torch import nn, optim


class IntentNet(nn.Module):
    def __init__(self, num_classes=12):
        super().__init__()
        self.hidden = nn.Linear(40, 64)
        self.out = nn.Linear(64, num_classes)

    def forward(self, x):
        return self.out(nn.functional.gelu(self.hidden(x)))


def main():
    net = IntentNet(num_classes=12)
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.AdamW(net.parameters())
    feats = torch.randn(12, 40)
    labels = torch.arange(1, 13)          # categories 1 .. 12
    for i in range(0, 12, 6):
        logits = net(feats[i:i + 6])
        loss = criterion(logits, labels[i:i + 6])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
