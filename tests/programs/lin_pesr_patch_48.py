import torch
import torch.nn as nn


class Discriminator(nn.Module):
    def __init__(self, n_feats=64, patch_size=32, n_colors=3):
        super(Discriminator, self).__init__()

        def block(i, o, s):
            return nn.Sequential(
                nn.Conv2d(i, o, 3, padding=1, stride=s, bias=False),
                nn.BatchNorm2d(o),
                nn.LeakyReLU(negative_slope=0.2, inplace=True),
            )

        m_features = [block(n_colors, n_feats, 1)]
        in_ch = n_feats
        for i in range(7):
            if i % 2 == 1:
                s, out_ch = 1, in_ch * 2
            else:
                s, out_ch = 2, in_ch
            m_features.append(block(in_ch, out_ch, s))
            in_ch = out_ch
        self.features = nn.Sequential(*m_features)
        patch_size = patch_size // (2 ** 4)
        self.classifier = nn.Sequential(
            nn.Linear(in_ch * patch_size ** 2, 64),
            nn.LeakyReLU(0.2, True),
            nn.Linear(64, 1),
        )

    def forward(self, x):
        features = self.features(x)
        return self.classifier(features.view(features.size(0), -1))


def train_step():
    netD = Discriminator()
    hr = torch.rand(2, 3, 48, 48)
    return netD(hr).mean()


if __name__ == "__main__":
    train_step()
