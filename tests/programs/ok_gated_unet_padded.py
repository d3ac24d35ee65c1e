import torch
import torch.nn as nn
import torch.nn.functional as F


class Gate(nn.Module):
    def __init__(self, g, x, mid):
        super().__init__()
        self.wg, self.wx, self.psi = nn.Conv2d(g, mid, 1), nn.Conv2d(x, mid, 2, 2), nn.Conv2d(mid, 1, 1)

    def forward(self, g, x):
        a = F.relu(self.wx(x) + F.interpolate(self.wg(g), size=(x.size(2) // 2, x.size(3) // 2)))
        return x * F.interpolate(torch.sigmoid(self.psi(a)), size=x.shape[2:])


class GatedUNet(nn.Module):
    def __init__(self, w=8):
        super().__init__()
        self.e1, self.e2, self.e3 = (nn.Conv2d(i, o, 3, padding=1) for i, o in ((1, w), (w, 2 * w), (2 * w, 4 * w)))
        self.u2, self.u1 = nn.ConvTranspose2d(4 * w, 2 * w, 2, 2), nn.ConvTranspose2d(2 * w, w, 2, 2)
        self.g2, self.g1 = Gate(2 * w, 2 * w, w), Gate(w, w, w)
        self.d2, self.d1 = nn.Conv2d(4 * w, 2 * w, 3, padding=1), nn.Conv2d(2 * w, w, 3, padding=1)
        self.head = nn.Conv2d(w, 1, 1)

    @staticmethod
    def fit(up, skip):
        dy, dx = skip.size(2) - up.size(2), skip.size(3) - up.size(3)
        return F.pad(up, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])

    def forward(self, x):
        a = F.relu(self.e1(x))
        b = F.relu(self.e2(F.max_pool2d(a, 2)))
        c = F.relu(self.e3(F.max_pool2d(b, 2)))
        u = self.fit(self.u2(c), b)
        u = F.relu(self.d2(torch.cat([u, self.g2(u, b)], 1)))
        u = self.fit(self.u1(u), a)
        u = F.relu(self.d1(torch.cat([u, self.g1(u, a)], 1)))
        return self.head(u)


if __name__ == "__main__":
    print(GatedUNet()(torch.rand(1, 1, 70, 90)).shape)
