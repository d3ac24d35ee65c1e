import torch
import torch.nn as nn


class Upscaler(nn.Module):
    # I put in 7x7 with stride 2 and hoped for 14x14, but the first layer gives 13x13. Where does the 13 come from?
    def __init__(self):
        super().__init__()
        self.up1 = nn.ConvTranspose2d(8, 16, kernel_size=3, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(16, 1, kernel_size=4, stride=2, padding=1)

    def forward(self, x):
        x = torch.relu(self.up1(x))
        return torch.sigmoid(self.up2(x))


def main():
    net = Upscaler()
    code = torch.randn(2, 8, 7, 7)
    print(net(code).shape)
    return net(code)


if __name__ == "__main__":
    main()
