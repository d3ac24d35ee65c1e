import torch
import torch.nn as nn
import torch.nn.functional as F


class Backbone(nn.Module):
    def __init__(self, widths=(16, 32, 64, 96)):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, widths[0], 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.stages = nn.ModuleList()
        prev = widths[0]
        for i, w in enumerate(widths):
            s = 1 if i == 0 else 2
            self.stages.append(nn.Sequential(nn.Conv2d(prev, w, 3, s, 1), nn.BatchNorm2d(w), nn.ReLU()))
            prev = w

    def forward(self, x):
        outs = []
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
            outs.append(x)
        return tuple(outs)


class FPN(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.lateral_convs = nn.ModuleList(nn.Conv2d(c, out_channels, 1) for c in in_channels)
        self.fpn_convs = nn.ModuleList(nn.Conv2d(out_channels, out_channels, 3, padding=1) for _ in in_channels)

    def forward(self, inputs):
        assert len(inputs) == len(self.lateral_convs)
        laterals = [conv(inputs[i]) for i, conv in enumerate(self.lateral_convs)]
        for i in range(len(laterals) - 1, 0, -1):
            laterals[i - 1] = laterals[i - 1] + F.interpolate(laterals[i], scale_factor=2, mode='nearest')
        return [conv(lat) for conv, lat in zip(self.fpn_convs, laterals)]


class RetinaLike(nn.Module):
    def __init__(self, num_classes=7, num_anchors=3):
        super().__init__()
        self.backbone = Backbone()
        self.neck = FPN((16, 32, 64, 96), 32)
        self.cls = nn.Conv2d(32, num_classes * num_anchors, 3, padding=1)
        self.reg = nn.Conv2d(32, 4 * num_anchors, 3, padding=1)
        self.num_classes = num_classes

    def forward(self, x):
        cls, reg = [], []
        for f in self.neck(self.backbone(x)):
            cls.append(self.cls(f).permute(0, 2, 3, 1).reshape(f.size(0), -1, self.num_classes))
            reg.append(self.reg(f).permute(0, 2, 3, 1).reshape(f.size(0), -1, 4))
        return torch.cat(cls, 1), torch.cat(reg, 1)


if __name__ == '__main__':
    c, r = RetinaLike()(torch.rand(1, 3, 500, 500))
    print(c.shape, r.shape)
