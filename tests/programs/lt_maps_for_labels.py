import torch
from torch import nn


class DigitPictures(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            nn.Conv2d(3, 32, 5, 1, 2),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 5, 1, 2),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 10, 1),
        )

    def forward(self, x):
        return self.model(x)


def train_step():
    net = DigitPictures()
    loss_fn = nn.CrossEntropyLoss()
    pics, labels = torch.rand(2, 3, 32, 32), torch.tensor([1, 1])
    output = net(pics)
    loss = loss_fn(output, labels)
    loss.backward()


if __name__ == "__main__":
    train_step()
