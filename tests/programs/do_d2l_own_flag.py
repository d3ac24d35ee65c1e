import torch
from torch import nn

num_inputs, num_outputs, num_hiddens1, num_hiddens2 = 784, 10, 256, 256
dropout1, dropout2 = 0.2, 0.5


def dropout(X, drop_prob):
    assert 0 <= drop_prob <= 1
    if drop_prob == 1:
        return torch.zeros_like(X)
    if drop_prob == 0:
        return X
    mask = torch.Tensor(X.shape).uniform_(0, 1) > drop_prob
    return mask.float() * X / (1.0 - drop_prob)


class Net(nn.Module):
    def __init__(self, num_inputs, num_outputs, num_hiddens1, num_hiddens2, is_training=True):
        super(Net, self).__init__()
        self.num_inputs = num_inputs
        self.is_training = is_training
        self.lin1 = nn.Linear(num_inputs, num_hiddens1)
        self.lin2 = nn.Linear(num_hiddens1, num_hiddens2)
        self.lin3 = nn.Linear(num_hiddens2, num_outputs)
        self.relu = nn.ReLU()

    def forward(self, X):
        H1 = self.relu(self.lin1(X.reshape((-1, self.num_inputs))))
        if self.is_training == True:  # only in training
            H1 = dropout(H1, dropout1)
        H2 = self.relu(self.lin2(H1))
        if self.is_training == True:  # second hidden layer
            H2 = dropout(H2, dropout2)
        out = self.lin3(H2)
        return out


def accuracy(net, batches):
    net.eval()
    good = total = 0
    with torch.no_grad():
        for X, y in batches:
            good += (net(X).argmax(1) == y).sum().item()
            total += len(y)
    return good / total


def main(num_epochs=2, lr=0.5, batch_size=16):
    net = Net(num_inputs, num_outputs, num_hiddens1, num_hiddens2)
    loss = nn.CrossEntropyLoss()
    trainer = torch.optim.SGD(net.parameters(), lr=lr)
    batches = [(torch.rand(batch_size, 1, 28, 28), torch.randint(0, 10, (batch_size,))) for _ in range(3)]
    for epoch in range(num_epochs):
        net.train()
        for X, y in batches:
            l = loss(net(X), y)
            trainer.zero_grad()
            l.backward()
            trainer.step()
    return accuracy(net, batches)


if __name__ == "__main__":
    print(main())
