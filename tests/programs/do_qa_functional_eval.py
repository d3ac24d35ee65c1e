import torch
import torch.nn as nn
import torch.nn.functional as F


class StackedBRNN(nn.Module):
    """Document reader: every layer's states are kept and concatenated."""

    def __init__(self, vocab=200, emb=12, hidden=10, num_layers=2, dropout_rate=0.3):
        super().__init__()
        self.dropout_rate = dropout_rate
        self.embedding = nn.Embedding(vocab, emb, padding_idx=0)
        self.rnns = nn.ModuleList()
        for i in range(num_layers):
            self.rnns.append(nn.LSTM(emb if i == 0 else 2 * hidden, hidden, batch_first=True, bidirectional=True))
        self.start = nn.Linear(2 * hidden * num_layers, 1)

    def forward(self, doc):
        outputs = [self.embedding(doc)]
        for rnn in self.rnns:
            rnn_input = F.dropout(outputs[-1], p=self.dropout_rate)
            outputs.append(rnn(rnn_input)[0])
        return self.start(torch.cat(outputs[1:], 2)).squeeze(-1)


if __name__ == "__main__":
    reader = StackedBRNN()
    reader.eval()
    doc = torch.randint(1, 200, (1, 7))
    print(reader(doc))
    print(reader(doc))      # differs?!
