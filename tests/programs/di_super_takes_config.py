from types import SimpleNamespace

import torch
import torch.nn as nn

cfg = SimpleNamespace(in_dim=20, d_model=32, n_heads=4, n_layers=2, horizon=6, dropout=0.1)


class TokenEmbedding(nn.Module):
    def __init__(self, c_in, d_model):
        super().__init__()
        self.conv = nn.Conv1d(c_in, d_model, kernel_size=3, padding=1, padding_mode="circular")

    def forward(self, x):
        return self.conv(x.permute(0, 2, 1)).transpose(1, 2)


class Forecaster(nn.Module):
    """history (B, T, in_dim) -> next `horizon` steps"""

    def __init__(self, config):
        super(Forecaster, self).__init__(config)
        self.config = config
        self.embed = TokenEmbedding(config.in_dim, config.d_model)
        layer = nn.TransformerEncoderLayer(config.d_model, config.n_heads, 4 * config.d_model, config.dropout, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, config.n_layers)
        self.head = nn.Linear(config.d_model, config.horizon)

    def forward(self, x):
        h = self.encoder(self.embed(x))
        return self.head(h[:, -1])


def build_model():
    model = Forecaster(cfg)
    n = sum(p.numel() for p in model.parameters())
    print("parameters", n)
    out = model(torch.randn(2, 24, cfg.in_dim))
    assert out.shape == (2, cfg.horizon)
    return model


if __name__ == "__main__":
    build_model()
