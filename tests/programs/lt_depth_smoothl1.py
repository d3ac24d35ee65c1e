import torch
import torch.nn as nn
import torch.nn.functional as F


class DepthNet(nn.Module):
    def __init__(self):
        super(DepthNet, self).__init__()
        self.layers = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU())
        self.sal = nn.Conv2d(8, 1, 1)
        self.dep = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        f = self.layers(x)
        return self.sal(f), self.dep(f)


def step():
    model = DepthNet()
    opt = torch.optim.SGD(model.parameters(), lr=1e-6)
    images, target, depth = torch.rand(2, 3, 32, 32), torch.randint(0, 2, (2, 1, 32, 32)).float(), torch.rand(2, 32, 32)
    sal, pred_depth = model(images)
    loss1 = F.binary_cross_entropy_with_logits(sal, target, reduction='sum')
    loss4 = F.smooth_l1_loss(pred_depth, depth, reduction='sum')
    loss = loss1 + loss4
    opt.zero_grad()
    loss.backward()
    opt.step()
