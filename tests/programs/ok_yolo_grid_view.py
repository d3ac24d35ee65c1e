import torch
import torch.nn as nn


class GridDetector(nn.Module):
    """S x S grid, B boxes, C classes; the output of one Linear is viewed as the grid."""

    def __init__(self, S=4, B=2, C=6):
        super().__init__()
        self.S, self.B, self.C = S, B, C
        layers, c = [], 3
        for w in (8, 16, 32, 64, 64):
            layers += [nn.Conv2d(c, w, 3, 2, 1, bias=False), nn.BatchNorm2d(w), nn.LeakyReLU(0.1)]
            c = w
        self.darknet = nn.Sequential(*layers)
        self.fcs = nn.Sequential(
            nn.Flatten(),
            nn.Linear(64 * S * S, 256),
            nn.Dropout(0.1),
            nn.LeakyReLU(0.1),
            nn.Linear(256, S * S * (C + B * 5)),
        )

    def forward(self, x):
        out = self.fcs(self.darknet(x))
        out = out.view(-1, self.S, self.S, self.C + self.B * 5)
        cls, boxes = out.split([self.C, self.B * 5], dim=-1)
        boxes = boxes.reshape(-1, self.S, self.S, self.B, 5)
        xy = torch.sigmoid(boxes[..., 0:2])
        wh = boxes[..., 2:4] ** 2
        conf = torch.sigmoid(boxes[..., 4:])
        return cls, torch.cat((xy, wh, conf), dim=-1)


def yolo_loss(cls, boxes, t_cls, t_boxes, lambda_coord=5.0):
    obj = t_boxes[..., 4:]
    coord = (obj * (boxes[..., :4] - t_boxes[..., :4]) ** 2).sum()
    conf = ((boxes[..., 4:] - obj) ** 2).sum()
    kind = ((cls - t_cls) ** 2).sum()
    return (lambda_coord * coord + conf + kind) / len(cls)


def main():
    net = GridDetector()
    cls, boxes = net(torch.rand(2, 3, 128, 128))
    loss = yolo_loss(cls, boxes, torch.zeros_like(cls), torch.rand_like(boxes))
    loss.backward()


if __name__ == "__main__":
    main()
