import math

import torch
import torch.nn as nn


class FlattenHead(nn.Module):
    def __init__(self, nf, target_window, dropout=0.0):
        super().__init__()
        self.flatten = nn.Flatten(start_dim=-2)
        self.linear = nn.Linear(nf, target_window)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):                       # x: [bs, nvars, d_model, patch_num]
        return self.dropout(self.linear(self.flatten(x)))


class SinusoidPos(nn.Module):
    def __init__(self, d_model, max_len=200):
        super().__init__()
        pos = torch.arange(max_len).unsqueeze(1)
        div = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        pe = torch.zeros(max_len, d_model)
        pe[:, 0::2] = torch.sin(pos * div)
        pe[:, 1::2] = torch.cos(pos * div)
        self.register_buffer("pe", pe)

    def forward(self, x):
        return x + self.pe[: x.size(1)]


class PatchForecaster(nn.Module):
    def __init__(self, seq_len=96, pred_len=24, patch_len=16, stride=8, d_model=64, n_heads=4, layers=2):
        super().__init__()
        self.seq_len = seq_len
        self.patch_len, self.stride = patch_len, stride
        self.pad = nn.ReplicationPad1d((0, stride))
        self.value = nn.Linear(patch_len, d_model)
        self.pos = SinusoidPos(d_model)
        enc = nn.TransformerEncoderLayer(d_model, n_heads, d_model * 2, batch_first=True)
        self.encoder = nn.TransformerEncoder(enc, layers, enable_nested_tensor=False)
        num_patch = (self.seq_len - patch_len) // stride + 1
        self.head = FlattenHead(num_patch * d_model, pred_len)

    def forward(self, x):                        # [bs, seq_len, nvars]
        mean = x.mean(1, keepdim=True).detach()
        x = x - mean
        x = self.pad(x.permute(0, 2, 1))
        x = x.unfold(dimension=-1, size=self.patch_len, step=self.stride)
        b, n, p, _ = x.shape
        z = self.encoder(self.pos(self.value(x.reshape(b * n, p, -1))))
        z = z.reshape(b, n, p, -1).permute(0, 1, 3, 2)
        return self.head(z).permute(0, 2, 1) + mean


if __name__ == "__main__":
    print(PatchForecaster()(torch.randn(8, 96, 7)).shape)
