from torch import nn

size = int(input("how wide? "))


class Net(nn.Module):
    pass
