import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        x = torch.relu(self.conv(x)).mean((2, 3))
        return self.fc(x)


def train_model(model, criterion, optimizer, dataload, num_epochs=1):
    for epoch in range(num_epochs):
        for phase in ['Train', 'Val']:
            model.train(phase == 'Train')
            for data in dataload:
                inputs,labels = data
                labels = labels.byte()
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == 'Train'):
                    outputs = model(inputs)
                    loss = criterion(outputs,labels.unsqueeze(1).float())
                    if phase == 'Train':
                        loss.backward()
                        optimizer.step()


def main():
    model = Net()
    data = [(torch.rand(4, 3, 16, 16), torch.randint(0, 2, (4,)))]
    train_model(model, nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters()), data)
