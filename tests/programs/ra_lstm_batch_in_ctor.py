import torch
import torch.nn as nn
import torch.optim as optim


class TinyBert(nn.Module):
    """stands in for the pretrained model; gives (last_hidden_state, pooled)"""

    def __init__(self, vocab=300, hidden=36):
        super().__init__()
        self.config = {"hidden_size": hidden, "vocab": vocab}
        self.word = nn.Embedding(vocab, hidden)
        self.pool = nn.Linear(hidden, hidden)

    def forward(self, ids):
        h = self.word(ids)
        return h, torch.tanh(self.pool(h[:, 0]))


class LSTMClassifier(nn.Module):
    def __init__(self, batch_size=32, output_size=4, hidden_size=24):
        super(LSTMClassifier, self).__init__()
        self.bert = TinyBert()
        self.batch_size = batch_size
        self.output_size = output_size
        self.hidden_size = hidden_size
        embedding_dim = self.bert.config["hidden_size"]
        self.lstm = nn.LSTM(embedding_dim, hidden_size)
        self.label = nn.Linear(hidden_size, output_size)

    def forward(self, input_sentence):
        with torch.no_grad():
            embedded = self.bert(input_sentence)[0]
        input = embedded.permute(1, 0, 2)
        h_0 = torch.zeros(1, self.batch_size, self.hidden_size)
        c_0 = torch.zeros(1, self.batch_size, self.hidden_size)
        output, (final_hidden_state, final_cell_state) = self.lstm(input, (h_0, c_0))
        final_output = self.label(final_hidden_state[-1])
        return final_output


def batches(n, size):
    ids = torch.randint(0, 300, (n, 20))
    y = torch.randint(0, 4, (n,))
    for i in range(0, n, size):
        yield ids[i:i + size], y[i:i + size]


def train():
    BATCH_SIZE = 16
    model = LSTMClassifier()
    opt = optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), lr=2e-4)
    loss_fn = nn.CrossEntropyLoss()
    for text, target in batches(64, BATCH_SIZE):
        opt.zero_grad()
        prediction = model(text)
        loss = loss_fn(prediction, target)
        loss.backward()
        opt.step()


if __name__ == "__main__":
    train()
