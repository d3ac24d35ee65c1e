from torch import nn


class FromBatch(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 2)

    def forward(self, batch):
        return self.fc(batch["features"])
