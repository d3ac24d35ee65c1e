from torch import nn

weights = {"a": 1}
size = weights["b"]


class Net(nn.Module):
    pass
