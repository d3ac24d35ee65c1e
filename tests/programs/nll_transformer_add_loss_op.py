import math
import torch
from torch import nn


class Config(object):
    N = 1
    d_model = 32
    d_ff = 64
    h = 4
    dropout = 0.1
    output_size = 4
    lr = 0.0003
    max_epochs = 2
    batch_size = 6
    max_sen_len = 12


class PositionalEncoding(nn.Module):
    def __init__(self, d_model, dropout, max_len=100):
        super(PositionalEncoding, self).__init__()
        self.dropout = nn.Dropout(p=dropout)
        pe = torch.zeros(max_len, d_model)
        position = torch.arange(0, max_len).unsqueeze(1).float()
        div_term = torch.exp(torch.arange(0, d_model, 2).float() * -(math.log(10000.0) / d_model))
        pe[:, 0::2] = torch.sin(position * div_term)
        pe[:, 1::2] = torch.cos(position * div_term)
        self.register_buffer('pe', pe.unsqueeze(0))

    def forward(self, x):
        return self.dropout(x + self.pe[:, :x.size(1)])


class TextTransformer(nn.Module):
    def __init__(self, config=Config, src_vocab=200):
        super(TextTransformer, self).__init__()
        self.config = config
        self.src_embed = nn.Sequential(nn.Embedding(src_vocab, config.d_model),
                                       PositionalEncoding(config.d_model, config.dropout))
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(config.d_model, config.h, config.d_ff, config.dropout, batch_first=True), config.N)
        self.fc = nn.Linear(config.d_model, config.output_size)
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, x):
        embedded_sents = self.src_embed(x)
        encoded_sents = self.encoder(embedded_sents)
        final_feature_map = encoded_sents[:, -1, :]
        scores = self.fc(final_feature_map)
        return self.softmax(scores)

    def add_optimizer(self, optimizer):
        self.optimizer = optimizer

    def add_loss_op(self, loss_op):
        self.loss_op = loss_op

    def run_epoch(self, train_iterator):
        losses = []
        self.train()
        for x, y in train_iterator:
            self.optimizer.zero_grad()
            y_pred = self.__call__(x)
            loss = self.loss_op(y_pred, y)
            loss.backward()
            losses.append(loss.item())
            self.optimizer.step()
        return sum(losses) / len(losses)


def main():
    config = Config()
    torch.manual_seed(3)
    data = [(torch.randint(0, 200, (config.batch_size, config.max_sen_len)),
             torch.randint(0, config.output_size, (config.batch_size,))) for _ in range(3)]
    model = TextTransformer(config)
    model.add_optimizer(torch.optim.Adam(model.parameters(), lr=config.lr))
    NLLLoss = nn.NLLLoss()
    model.add_loss_op(NLLLoss)
    for i in range(config.max_epochs):
        train_loss = model.run_epoch(data)
    return train_loss


if __name__ == '__main__':
    print(main())
