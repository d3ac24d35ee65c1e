import torch
from torch import nn
from torch.autograd import Function


class Reverse(Function):
    @staticmethod
    def forward(ctx, x, coeff):
        ctx.coeff = coeff
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        return -ctx.coeff * grad, None


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(1, 16, kernel_size=15), nn.BatchNorm1d(16), nn.ReLU(inplace=True), nn.MaxPool1d(2, 2),
            nn.Conv1d(16, 32, kernel_size=3), nn.BatchNorm1d(32), nn.ReLU(inplace=True), nn.AdaptiveMaxPool1d(4),
        )
        self.fc = nn.Sequential(nn.Linear(32 * 4, 64), nn.ReLU(), nn.Dropout())

    def forward(self, x):
        return self.fc(self.layers(x).flatten(1))


class AdversarialNet(nn.Module):
    def __init__(self, in_feature=64, hidden_size=32):
        super().__init__()
        self.ad = nn.Sequential(nn.Linear(in_feature, hidden_size), nn.ReLU(), nn.Linear(hidden_size, 1), nn.Sigmoid())

    def forward(self, x):
        return self.ad(Reverse.apply(x, 1.0))


class Trainer:
    def __init__(self, max_epoch=4, middle_epoch=2, batch_size=16):
        self.max_epoch, self.middle_epoch, self.batch_size = max_epoch, middle_epoch, batch_size
        self.model, self.head, self.adv = CNN(), nn.Linear(64, 10), AdversarialNet()
        params = [*self.model.parameters(), *self.head.parameters(), *self.adv.parameters()]
        self.optimizer = torch.optim.Adam(params, lr=1e-3)
        self.criterion = nn.CrossEntropyLoss()
        self.adversarial_loss = nn.BCELoss()

    def train(self):
        for epoch in range(self.max_epoch):
            xs, ys = torch.randn(self.batch_size, 1, 1024), torch.randint(0, 10, (self.batch_size,))
            xt = torch.randn(self.batch_size, 1, 1024)
            features = self.model(torch.cat((xs, xt), dim=0))
            loss = self.criterion(self.head(features[: self.batch_size]), ys)
            if epoch >= self.middle_epoch:
                domain_s = torch.ones(self.batch_size)
                domain_t = torch.zeros(self.batch_size)
                domain_label = torch.cat((domain_s, domain_t), dim=0)
                adversarial_out = self.adv(features)
                loss = loss + self.adversarial_loss(adversarial_out, domain_label)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()


def experiment():
    Trainer().train()


if __name__ == "__main__":
    experiment()
