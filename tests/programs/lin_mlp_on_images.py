import torch
import torch.nn as nn

net = nn.Sequential()
net.add_module("fc1", nn.Linear(784, 128))
net.add_module("act1", nn.ReLU())
net.add_module("fc2", nn.Linear(128, 10))


def train():
    images = torch.rand(64, 1, 28, 28)
    logits = net(images)
    loss = nn.CrossEntropyLoss()(logits, torch.randint(0, 10, (64,)))
    loss.backward()


if __name__ == "__main__":
    train()
