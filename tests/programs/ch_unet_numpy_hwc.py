import torch
import torch.nn as nn


class conv_block(nn.Module):
    def __init__(self, ch_in, ch_out):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(ch_in, ch_out, kernel_size=3, stride=1, padding=1, bias=True), nn.BatchNorm2d(ch_out), nn.ReLU(inplace=True),
        )

    def forward(self, x):
        return self.conv(x)


class TinyUNet(nn.Module):
    def __init__(self, img_ch=3, output_ch=1):
        super().__init__()
        self.Maxpool = nn.MaxPool2d(2, 2)
        self.Conv1 = conv_block(img_ch, 8)
        self.Conv2 = conv_block(8, 16)
        self.Up = nn.Upsample(scale_factor=2)
        self.Up_conv = conv_block(24, 8)
        self.out = nn.Conv2d(8, output_ch, 1)

    def forward(self, x):
        x1 = self.Conv1(x)
        x2 = self.Conv2(self.Maxpool(x1))
        d = torch.cat((x1, self.Up(x2)), dim=1)
        return self.out(self.Up_conv(d))


def predict():
    photo = torch.randint(0, 256, (128, 128, 3))
    batch = photo.float().div(255).unsqueeze(0)
    return TinyUNet().eval()(batch)


if __name__ == "__main__":
    predict()
