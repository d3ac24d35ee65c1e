import torch
import torch.nn as nn


class MultiTask(nn.Module):
    def __init__(self, dim=32, labels=(2, 3)):
        super().__init__()
        self.body = nn.Linear(dim, dim)
        self.scoring_list = nn.ModuleList()
        self.dropout_list = []
        for task, n in enumerate(labels):
            dropout = nn.Dropout(0.1)
            self.dropout_list.append(dropout)
            self.scoring_list.append(nn.Linear(dim, n))

    def forward(self, x, task_id=0):
        pooled = torch.tanh(self.body(x))
        pooled = self.dropout_list[task_id](pooled)
        logits = [head(pooled) for head in self.scoring_list]
        return logits[task_id], logits
