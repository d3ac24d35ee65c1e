# finds: gradients-erased
"""Text classifier trained with gradient accumulation (effective batch of 32)."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(3)
vocab_size, seq_len, num_classes = 200, 20, 3
accumulation_steps = 4


class TextCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 32)
        self.convs = nn.ModuleList([nn.Conv1d(32, 16, k) for k in (3, 4, 5)])
        self.dropout = nn.Dropout(0.3)
        self.out = nn.Linear(48, num_classes)

    def forward(self, tokens):
        e = self.embedding(tokens).transpose(1, 2)
        pooled = [F.relu(conv(e)).amax(dim=2) for conv in self.convs]
        return self.out(self.dropout(torch.cat(pooled, dim=1)))


tokens = torch.randint(0, vocab_size, (256, seq_len))
labels = (tokens[:, 0] % num_classes).long()
batches = [(tokens[i : i + 8], labels[i : i + 8]) for i in range(0, 256, 8)]

model = TextCNN()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()

for epoch in range(2):
    model.train()
    order = torch.randperm(len(batches)).tolist()
    epoch_loss = 0.0
    for step, index in enumerate(order):
        inputs, target = batches[index]
        optimizer.zero_grad()  # here
        loss = criterion(model(inputs), target) / accumulation_steps
        loss.backward()
        if (step + 1) % accumulation_steps == 0:
            optimizer.step()
        epoch_loss += loss.item() * accumulation_steps
    print(f"Epoch {epoch}: {epoch_loss / len(batches):.4f}")
