import torch
import torch.nn as nn
import torch.nn.functional as F


class BertHead(nn.Module):
    def __init__(self, hidden=48, num_labels=3):
        super().__init__()
        self.dropout = nn.Dropout(0.1)
        self.classifier = nn.Linear(hidden, num_labels)

    def forward(self, pooled_output):
        return self.classifier(self.dropout(pooled_output))


def train_model(model, criterion, optimizer, dataloaders, num_epochs=2):
    best = 1e9
    for epoch in range(num_epochs):
        for phase in ['train', 'val']:
            if phase == 'train':
                model.train()
            else:
                model.eval()
            running_loss = 0.0
            for inputs, labels in dataloaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == 'train'):
                    outputs = model(inputs)
                    outputs = F.softmax(outputs, dim=1)
                    loss = criterion(outputs, torch.max(labels.float(), 1)[1])
                    if phase == 'train':
                        loss.backward()
                        optimizer.step()
                running_loss += loss.item() * inputs.size(0)
            if phase == 'val' and running_loss < best:
                best = running_loss
    return model


def run():
    model = BertHead()
    onehot = torch.eye(3)[torch.randint(0, 3, (8,))]
    batches = [(torch.randn(8, 48), onehot)]
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    train_model(model, nn.CrossEntropyLoss(), optimizer, {'train': batches, 'val': batches})
