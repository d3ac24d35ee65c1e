from torch import nn


class Node(nn.Module):
    def __init__(self):
        super().__init__()
        self.child = Node()

    def forward(self, x):
        return self.child(x)
