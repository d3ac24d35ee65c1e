import torch
from torch import nn


class Conv2d(nn.Module):
    def __init__(self, cin, cout, kernel_size, stride, padding, residual=False, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conv_block = nn.Sequential(nn.Conv2d(cin, cout, kernel_size, stride, padding), nn.BatchNorm2d(cout))
        self.act = nn.ReLU()
        self.residual = residual

    def forward(self, x):
        out = self.conv_block(x)
        if self.residual:
            out += x
        return self.act(out)


class FaceEncoder(nn.Module):
    def __init__(self):
        super().__init__()

        self.face_encoder_blocks = nn.ModuleList([
            nn.Sequential(Conv2d(6, 16, kernel_size=7, stride=1, padding=3)),

            nn.Sequential(Conv2d(16, 32, kernel_size=3, stride=2, padding=1),
                          Conv2d(32, 32, kernel_size=3, stride=1, padding=1, residual=True)),

            nn.Sequential(Conv2d(32, 64, kernel_size=3, stride=2, padding=1),
                          Conv2d(64, 64, kernel_size=3, stride=1, padding=1, residual=True)),

            nn.Sequential(Conv2d(64, 96, kernel_size=3, stride=2, padding=1),
                          Conv2d(96, 96, kernel_size=3, stride=1, padding=1, residual=True)),

            nn.Sequential(Conv2d(96, 112, kernel_size=3, stride=2, padding=1)),

            nn.Sequential(Conv2d(112, 128, kernel_size=3, stride=2, padding=1)),

            nn.Sequential(Conv2d(128, 128, kernel_size=3, stride=1, padding=0),
                          Conv2d(128, 128, kernel_size=1, stride=1, padding=0)),
        ])

    def forward(self, face_sequences):
        feats = []
        x = face_sequences
        for f in self.face_encoder_blocks:
            x = f(x)
            feats.append(x)
        return feats[-1]


def fake_faces(n=2):
    # I resized the crops to 48x48 to save memory
    return torch.rand(n, 6, 48, 48)


def main():
    enc = FaceEncoder()
    print("total trainable params {}".format(sum(p.numel() for p in enc.parameters() if p.requires_grad)))
    print(enc(fake_faces()).shape)


if __name__ == "__main__":
    main()
