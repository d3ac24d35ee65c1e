# finds: state-carried-over
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(4)

# independent patients: each row is its own 30-hour record
records = torch.cumsum(0.2 * torch.randn(160, 31, 2), dim=1)
inputs, targets = records[:, :-1], records[:, 1:]
loader = DataLoader(TensorDataset(inputs, targets), batch_size=16, shuffle=True, drop_last=True)


class Forecaster(nn.Module):
    def __init__(self, n_features=2, hidden_size=24, num_layers=1):
        super().__init__()
        self.hidden_size, self.num_layers = hidden_size, num_layers
        self.lstm = nn.LSTM(n_features, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, n_features)

    def init_hidden(self, batch_size):
        shape = (self.num_layers, batch_size, self.hidden_size)
        return torch.zeros(shape), torch.zeros(shape)

    def forward(self, x, hidden):
        out, hidden = self.lstm(x, hidden)
        return self.fc(out), hidden


model = Forecaster()
criterion = nn.MSELoss()
optimizer = torch.optim.RMSprop(model.parameters(), lr=2e-3)

for epoch in range(4):
    hidden = model.init_hidden(16)
    epoch_loss = 0.0
    for x, y in loader:
        hidden = tuple(h.detach() for h in hidden)  # here
        optimizer.zero_grad()
        prediction, hidden = model(x, hidden)
        loss = criterion(prediction, y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        epoch_loss += loss.item()
    print(f"Epoch {epoch + 1} mse {epoch_loss / len(loader):.4f}")
