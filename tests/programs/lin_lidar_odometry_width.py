# Frame-to-frame LiDAR odometry on spherical range images.
import torch
import torch.nn as nn

cfg = {
    "height": 64,
    "width": 1344,
    "fc": 512,
}


def conv_bn(cin, cout, stride):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(cout),
        nn.LeakyReLU(0.1),
    )


class PoseRegressor(nn.Module):
    """two scans (x, y, z each) -> translation (3) and quaternion (4)"""

    def __init__(self, cfg):
        super().__init__()
        self.features = nn.Sequential(
            conv_bn(6, 8, (2, 2)),
            conv_bn(8, 16, (2, 2)),
            conv_bn(16, 16, (2, 2)),
            conv_bn(16, 16, (2, 1)),
        )
        flat = 16 * (cfg["height"] // 16) * (cfg["width"] // 8)
        self.fc = nn.Linear(flat, cfg["fc"])
        self.drop = nn.Dropout(0.3)
        self.fc_x = nn.Linear(cfg["fc"], 3)
        self.fc_q = nn.Linear(cfg["fc"], 4)

    def forward(self, curr, prev):
        f = self.features(torch.cat([curr, prev], dim=1))
        f = torch.flatten(f, start_dim=1)
        f = self.drop(torch.relu(self.fc(f)))
        q = self.fc_q(f)
        return self.fc_x(f), q / q.norm(dim=1, keepdim=True)


class DefaultNet(PoseRegressor):
    def __init__(self):
        super().__init__(cfg)
