from torch import nn


class ConvEncoder(nn.Module):
    """EEG, (batch, electrodes, samples) -> (batch, encoder_h, samples / 6)"""

    def __init__(self, in_features=20, encoder_h=32, enc_width=(3, 2), dropout=0.1):
        super().__init__()
        self.encoder = nn.Sequential()
        for i, width in enumerate(enc_width):
            self.encoder.add_module(f"Encoder_{i}", nn.Sequential(
                nn.Conv1d(in_features, encoder_h, width, stride=width),
                nn.Dropout2d(dropout),
                nn.GroupNorm(encoder_h // 2, encoder_h),
                nn.GELU(),
            ))
            in_features = encoder_h

    def forward(self, x):
        return self.encoder(x)
