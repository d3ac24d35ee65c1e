import torch
import torch.nn as nn


class VAEBranch(nn.Module):
    """Reconstructs a (N, 1, 32, 32, 32) volume from the (N, 16, 4, 4, 4) bottleneck."""

    def __init__(self, init_channels=8, squeeze_channels=16, out_channels=1):
        super(VAEBranch, self).__init__()
        self.hidden_conv = nn.Sequential(nn.Conv3d(16, squeeze_channels, 3, padding=1), nn.AdaptiveAvgPool3d(1))
        self.mu_fc = nn.Linear(squeeze_channels // 2, squeeze_channels // 2)
        recon = 2 * 2 * 2
        self.reconstraction = nn.Sequential(nn.Linear(squeeze_channels // 2, init_channels * 8 * recon), nn.ReLU(inplace=True))
        self.squeeze_channels = squeeze_channels
        self.up = nn.Sequential(
            nn.Conv3d(init_channels * 8, init_channels, 1), nn.Upsample(scale_factor=16, mode="trilinear"),
            nn.Conv3d(init_channels, out_channels, 3, padding=1),
        )

    def forward(self, x):
        h = self.hidden_conv(x).flatten(1)
        z = self.mu_fc(h[:, : self.squeeze_channels // 2])
        re_x = self.reconstraction(z)
        recon_shape = [x.size(0), self.squeeze_channels // 2, 2, 2, 2]
        re_x = re_x.view(recon_shape)
        return self.up(re_x)
