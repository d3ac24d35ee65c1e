import torch
from torch import nn


class TemporalAttentionPooling(nn.Module):
    def __init__(self, features_in):
        super().__init__()
        self.attention_pooling = nn.Sequential(nn.Conv1d(features_in, 1, kernel_size=1), nn.Softmax(dim=1))

    def forward(self, features):
        # features: (batch, history, features)
        x = features.transpose(1, 2)
        w = self.attention_pooling(x)
        return (x * w).sum(dim=-1)


class ProstheticsActor(nn.Module):
    def __init__(self, obs=30, actions=19):
        super().__init__()
        self.obs_net = nn.Sequential(nn.Linear(obs, 32), nn.ReLU())
        self.pool = TemporalAttentionPooling(32)
        self.head = nn.Linear(32, actions)

    def forward(self, history):
        return torch.tanh(self.head(self.pool(self.obs_net(history))))


if __name__ == "__main__":
    print(ProstheticsActor()(torch.randn(8, 4, 30)).shape)
