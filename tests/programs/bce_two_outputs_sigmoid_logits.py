import torch
import torch.nn as nn


class NeuMF(nn.Module):
    def __init__(self, user_num, item_num, factors=8):
        super().__init__()
        self.user = nn.Embedding(user_num, factors)
        self.item = nn.Embedding(item_num, factors)
        self.mlp = nn.Sequential(nn.Linear(2 * factors, factors), nn.ReLU())
        self.predict_layer = nn.Linear(2 * factors, 1)

    def forward(self, user, item):
        u, i = self.user(user), self.item(item)
        mf = u * i
        mlp = self.mlp(torch.cat((u, i), dim=-1))
        prediction = torch.sigmoid(self.predict_layer(torch.cat((mf, mlp), -1)))
        return prediction.view(-1)

    def fit(self, train_loader, epochs=1, lr=0.01):
        optimizer = torch.optim.Adam(self.parameters(), lr=lr)
        criterion = nn.BCEWithLogitsLoss(reduction='sum')
        for epoch in range(epochs):
            for user, item, label in train_loader:
                self.zero_grad()
                prediction = self.forward(user, item)
                loss = criterion(prediction, label)
                loss.backward()
                optimizer.step()
