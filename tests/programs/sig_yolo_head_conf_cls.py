import torch
import torch.nn as nn

ANCHORS = torch.tensor([[1.25, 1.625], [2.0, 3.75], [4.125, 2.875]])
CLASSES = 5


class Convolutional(nn.Module):
    def __init__(self, cin, cout, k, stride, norm="bn", activate="leaky"):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, k, stride, k // 2, bias=not norm)
        self.norm = nn.BatchNorm2d(cout) if norm else None
        self.act = nn.LeakyReLU(0.1) if activate == "leaky" else None

    def forward(self, x):
        x = self.conv(x)
        if self.norm is not None:
            x = self.norm(x)
        if self.act is not None:
            x = self.act(x)
        return x


class YoloHead(nn.Module):
    def __init__(self, nC, anchors, stride):
        super().__init__()
        self.nA, self.nC, self.stride = len(anchors), nC, stride
        self.register_buffer("anchors", anchors)

    def forward(self, p):
        bs, _, n, _ = p.shape
        raw = p.view(bs, self.nA, 5 + self.nC, n, n).permute(0, 3, 4, 1, 2)
        xy = torch.sigmoid(raw[..., 0:2]) * self.stride
        wh = torch.exp(raw[..., 2:4]) * self.anchors
        conf = torch.sigmoid(raw[..., 4:5])
        prob = torch.sigmoid(raw[..., 5:])
        return torch.cat([xy, wh, conf, prob], -1)


class TinyYolo(nn.Module):
    def __init__(self, nC=CLASSES):
        super().__init__()
        self.stem = nn.Sequential(Convolutional(3, 16, 3, 2), Convolutional(16, 32, 3, 2), Convolutional(32, 64, 3, 2))
        self.out = Convolutional(64, 3 * (5 + nC), 1, 1, norm=None, activate=None)
        self.head = YoloHead(nC, ANCHORS, stride=8)

    def forward(self, x):
        return self.head(self.out(self.stem(x)))


class YoloLoss(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, p, label_obj, label_cls, label_xywh):
        BCE = nn.BCEWithLogitsLoss(reduction="none")
        p_conf = p[..., 4:5]
        p_cls = p[..., 5:]
        loss_xywh = (label_obj * (p[..., :4] - label_xywh) ** 2).sum()
        loss_conf = (BCE(p_conf, label_obj)).sum()
        loss_cls = (label_obj * BCE(p_cls, label_cls)).sum()
        return (loss_xywh + loss_conf + loss_cls) / p.size(0)


def train_step():
    net, crit = TinyYolo(), YoloLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9)
    imgs = torch.rand(2, 3, 64, 64)
    obj = (torch.rand(2, 8, 8, 3, 1) > 0.9).float()
    cls = nn.functional.one_hot(torch.randint(0, CLASSES, (2, 8, 8, 3)), CLASSES).float()
    loss = crit(net(imgs), obj, cls, torch.rand(2, 8, 8, 3, 4))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


if __name__ == "__main__":
    train_step()
