import torch
import torch.nn as nn


class DualEncoder(nn.Module):
    def __init__(self, dim=12, hidden=16):
        super().__init__()
        self.encoder = nn.LSTM(dim, hidden, batch_first=True)
        self.M = nn.Parameter(torch.randn(hidden, hidden) * 0.1)
        self.final_layer = nn.Softmax(dim=1)

    def forward(self, context, options):
        _, (c, _) = self.encoder(context)
        context_h = c[-1]                                   # batch x hidden
        b, n, d = options.size()
        _, (o, _) = self.encoder(options.view(b * n, 1, d))
        option_h = o[-1].view(b, n, -1)
        logits = torch.bmm(option_h, (context_h @ self.M).unsqueeze(2)).squeeze(2)
        return self.final_layer(logits)


class Evaluator(object):
    """Runs the model over batches and adds up the loss."""

    def __init__(self, loss_func=nn.CrossEntropyLoss(), batch_size=64):
        self.loss_func = loss_func
        self.batch_size = batch_size

    def evaluate(self, model, data):
        total = 0
        for context, options, target in data:
            match_score = model(context, options)
            losses = self.loss_func(match_score, target)
            total = total + losses
        return total


def main():
    model = DualEncoder()
    data = [(torch.randn(3, 5, 12), torch.randn(3, 10, 12), torch.randint(0, 10, (3,))) for _ in range(2)]
    Evaluator().evaluate(model, data).backward()
