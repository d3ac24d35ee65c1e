import torch
import torch.nn as nn
import torch.nn.functional as F


class ConvBNReLU(nn.Module):
    def __init__(self, cin, cout, k, s, p):
        super().__init__()
        self.block = nn.Sequential(
            nn.Conv2d(cin, cout, k, s, p, bias=False),
            nn.BatchNorm2d(cout),
            nn.ReLU(inplace=True),
        )

    def forward(self, x):
        return self.block(x)


class RPN(nn.Module):
    def __init__(self, cin=32, feat=32, anchors=2):
        super().__init__()
        self.block1 = nn.Sequential(ConvBNReLU(cin, feat, 3, 2, 1), *[ConvBNReLU(feat, feat, 3, 1, 1) for _ in range(3)])
        self.block2 = nn.Sequential(ConvBNReLU(feat, feat, 3, 2, 1), *[ConvBNReLU(feat, feat, 3, 1, 1) for _ in range(5)])
        self.deconv1 = nn.Sequential(nn.ConvTranspose2d(feat, feat, 1, 1, 0), nn.BatchNorm2d(feat))
        self.deconv2 = nn.Sequential(nn.ConvTranspose2d(feat, feat, 2, 2, 0), nn.BatchNorm2d(feat))
        self.score_head = ConvBNReLU(feat * 2, anchors, 1, 1, 0)
        self.reg_head = ConvBNReLU(feat * 2, anchors * 7, 1, 1, 0)

    def forward(self, x):
        x1 = self.block1(x)
        x2 = self.block2(x1)
        x = torch.cat([self.deconv1(x1), self.deconv2(x2)], 1)
        return self.score_head(x), self.reg_head(x)


def train_step():
    torch.manual_seed(0)
    rpn = RPN()
    opt = torch.optim.Adam(rpn.parameters(), lr=1e-3)
    bev = torch.rand(1, 32, 16, 16)
    pos = (torch.rand(1, 2, 8, 8) > 0.8).float()
    targets = torch.randn(1, 14, 8, 8)          # (dx, dy, dz, dl, dw, dh, dr) per anchor
    score, deltas = rpn(bev)
    cls_loss = F.binary_cross_entropy_with_logits(score, pos)
    reg_loss = F.smooth_l1_loss(deltas, targets)
    loss = cls_loss + 2.0 * reg_loss
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.item()


if __name__ == "__main__":
    print(train_step())
