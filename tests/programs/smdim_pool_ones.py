import torch
import torch.nn as nn


class TemporalAttentionPooling(nn.Module):
    def __init__(self, features_in=24, kernel_size=1):
        super().__init__()
        self.attention_pooling = nn.Sequential(
            nn.Conv1d(in_channels=features_in, out_channels=1, kernel_size=kernel_size),
            nn.Softmax(dim=1)
        )

    def forward(self, x):
        # x: [batch_size, history_len, feature_size]
        x_t = x.transpose(1, 2)
        attn = self.attention_pooling(x_t)
        return torch.sum(x_t * attn, dim=2)
