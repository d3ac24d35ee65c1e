import torch
import torch.nn as nn


class ForecastTransformer(nn.Module):
    def __init__(self, feature_size=250, num_layers=1, heads=8, dropout=0.1):
        super(ForecastTransformer, self).__init__()
        self.project = nn.Linear(1, feature_size)
        layer = nn.TransformerEncoderLayer(d_model=feature_size, nhead=heads, dropout=dropout, dim_feedforward=64)
        self.encoder = nn.TransformerEncoder(layer, num_layers=num_layers)
        self.decoder = nn.Linear(feature_size, 1)

    def forward(self, src):
        out = self.encoder(self.project(src))
        return self.decoder(out)
