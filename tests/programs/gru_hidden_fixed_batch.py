import torch
import torch.nn as nn

batch_size = 50


class SentimentRNN(nn.Module):
    def __init__(self, vocab_size=74, output_size=1, embedding_dim=40, hidden_dim=25, n_layers=2):
        super(SentimentRNN, self).__init__()
        self.n_layers = n_layers
        self.hidden_dim = hidden_dim
        self.embedding = nn.Embedding(vocab_size, embedding_dim)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim, n_layers, dropout=0.5, batch_first=True)
        self.dropout = nn.Dropout(0.3)
        self.fc = nn.Linear(hidden_dim, output_size)

    def forward(self, x):
        hidden = self.init_hidden()
        lstm_out, hidden = self.lstm(self.embedding(x), hidden)
        out = self.fc(self.dropout(lstm_out[:, -1]))
        return torch.sigmoid(out)

    def init_hidden(self):
        weight = next(self.parameters()).data
        return (weight.new(self.n_layers, batch_size, self.hidden_dim).zero_(),
                weight.new(self.n_layers, batch_size, self.hidden_dim).zero_())


def run():
    net = SentimentRNN()
    reviews = torch.randint(0, 74, (114, 20))
    for start in range(0, len(reviews), batch_size):
        net(reviews[start:start + batch_size])
