import torch
import torch.nn as nn


ANCHORS = [(10, 14), (23, 27), (37, 58)]
CLASSES = ["helmet", "head", "person", "vest"]


def cbl(i, o, k, s=1):
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, bias=False), nn.BatchNorm2d(o), nn.LeakyReLU(0.1))


class YoloHead(nn.Module):
    def __init__(self, n_anchors, num_classes):
        super().__init__()
        self.n_anchors, self.num_classes = n_anchors, num_classes
        self.mse = nn.MSELoss()

    def forward(self, pred):
        b, _, h, w = pred.shape
        pred = pred.view(b, self.n_anchors, self.num_classes + 5, h, w)
        pred = pred.permute(0, 1, 3, 4, 2).contiguous()
        xy = torch.sigmoid(pred[..., :2])
        wh = pred[..., 2:4]
        conf = torch.sigmoid(pred[..., 4:5])
        cls = torch.sigmoid(pred[..., 5:])
        return torch.cat([xy, wh, conf, cls], -1).view(b, -1, self.num_classes + 5)


class TinyYolo(nn.Module):
    def __init__(self, num_classes=len(CLASSES), anchors_per_scale=3):
        super().__init__()
        chans = [8, 16, 32, 64]
        mods = [cbl(3, chans[0], 3)]
        for a, b in zip(chans[:-1], chans[1:]):
            mods += [nn.MaxPool2d(2, 2), cbl(a, b, 3)]
        self.backbone = nn.Sequential(*mods, nn.MaxPool2d(2, 2), cbl(64, 128, 3))
        self.out = nn.Conv2d(128, anchors_per_scale * (80 + 5), kernel_size=1)
        self.head = YoloHead(3, num_classes)

    def forward(self, imgs):
        return self.head(self.out(self.backbone(imgs)))


def main():
    net = TinyYolo()
    net.train()
    boxes = net(torch.rand(2, 3, 208, 208))
    print(boxes.shape)


if __name__ == "__main__":
    main()
