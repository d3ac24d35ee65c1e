import torch
import torch.nn as nn
import torch.nn.functional as F


class CharCNN(nn.Module):
    def __init__(self, vocab=70, length=120):
        super().__init__()
        self.emb = nn.Embedding(vocab, 16)
        self.conv1 = nn.Conv1d(16, 32, 7)
        self.conv2 = nn.Conv1d(32, 32, 3)
        flat = ((length - 6) // 3 - 2) // 3 * 32
        self.fc = nn.Linear(flat, 4)

    def forward(self, ids):
        x = self.emb(ids).transpose(1, 2)
        x = F.max_pool1d(F.relu(self.conv1(x)), 3)
        x = F.max_pool1d(F.relu(self.conv2(x)), 3)
        return self.fc(x.reshape(x.size(0), -1))
