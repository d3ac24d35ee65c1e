import torch
import torch.nn as nn


class RelNet(nn.Module):
    def __init__(self, numfeatures=16, numrel=4):
        super(RelNet, self).__init__()
        self.embed = nn.Linear(numfeatures, numfeatures)
        self.list_relations = {}
        for rel in ("on", "under", "near", "far"):
            self.list_relations[rel] = nn.Linear(numfeatures, numrel)

    def forward(self, x):
        x = torch.relu(self.embed(x))
        scores = []
        for rel in self.list_relations:
            scores.append(self.list_relations[rel](x))
        return torch.cat(scores, 1)
