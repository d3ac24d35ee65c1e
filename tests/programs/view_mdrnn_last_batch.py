import torch
import torch.nn as nn

BSIZE = 16
SEQ_LEN = 32
LSIZE = 32


class LatentEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(3, 8, 4, stride=4), nn.ReLU())
        self.fc_mu = nn.Linear(8 * 4 * 4, LSIZE)

    def forward(self, obs):
        x = obs.reshape(-1, 3, 16, 16)
        x = self.conv(x)
        x = x.view(x.size(0), -1)
        mu = self.fc_mu(x)
        return mu.view(BSIZE, SEQ_LEN, LSIZE)


def data_pass():
    enc = LatentEncoder()
    episodes = torch.rand(27, SEQ_LEN, 3, 16, 16)
    loader = torch.utils.data.DataLoader(episodes, batch_size=BSIZE)
    return [enc(obs).shape for obs in loader]


if __name__ == "__main__":
    data_pass()
