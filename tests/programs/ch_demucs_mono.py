import torch
from torch import nn


class Demucs(nn.Module):
    def __init__(self, sources=4, audio_channels=2, channels=16, depth=2, kernel_size=8, stride=4):
        super().__init__()
        self.audio_channels = audio_channels
        self.encoder = nn.ModuleList()
        self.decoder = nn.ModuleList()
        in_channels = audio_channels
        for index in range(depth):
            encode = [nn.Conv1d(in_channels, channels, kernel_size, stride), nn.ReLU()]
            self.encoder.append(nn.Sequential(*encode))
            out_channels = in_channels if index > 0 else sources * audio_channels
            decode = [nn.ConvTranspose1d(channels, out_channels, kernel_size, stride)]
            if index > 0:
                decode.append(nn.ReLU())
            self.decoder.insert(0, nn.Sequential(*decode))
            in_channels = channels
            channels = 2 * channels

    def forward(self, mix):
        x = mix
        for encode in self.encoder:
            x = encode(x)
        for decode in self.decoder:
            x = decode(x)
        return x.view(x.size(0), -1, self.audio_channels, x.size(-1))
