import os

from torch import nn


class Net(nn.Module):
    pass


os._exit(7)
