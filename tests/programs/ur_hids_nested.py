import torch
from torch import nn


class SNLINet(nn.Module):
    def __init__(self, options):
        super().__init__()
        self.hids = []
        indim = options['n_in']
        for li in range(options['n_layers']):
            self.hids.append([nn.Linear(indim, options['n_hid']), getattr(nn, options['act'])()])
            indim = options['n_hid']
        self.classifier = nn.Linear(options['n_hid'], 3)

    def forward(self, x):
        for lin, act in self.hids:
            x = act(lin(x))
        return self.classifier(x)
