import torch
import torch.nn as nn
import torch.nn.functional as F


class EncoderLSTM(nn.Module):
    def __init__(self, input_size, hidden_size, n_layers=1, drop_prob=0.0):
        super(EncoderLSTM, self).__init__()
        self.hidden_size = hidden_size
        self.n_layers = n_layers
        self.embedding = nn.Embedding(input_size, hidden_size)
        self.lstm = nn.LSTM(hidden_size, hidden_size, n_layers, dropout=drop_prob, batch_first=True)

    def forward(self, inputs, hidden):
        embedded = self.embedding(inputs)
        return self.lstm(embedded, hidden)

    def init_hidden(self, batch_size=1):
        return (torch.zeros(self.n_layers, batch_size, self.hidden_size),
                torch.zeros(self.n_layers, batch_size, self.hidden_size))


class BahdanauDecoder(nn.Module):
    def __init__(self, hidden_size, output_size, n_layers=1):
        super(BahdanauDecoder, self).__init__()
        self.embedding = nn.Embedding(output_size, hidden_size)
        self.fc_hidden = nn.Linear(hidden_size, hidden_size, bias=False)
        self.fc_encoder = nn.Linear(hidden_size, hidden_size, bias=False)
        self.weight = nn.Parameter(torch.rand(hidden_size))
        self.lstm = nn.LSTM(hidden_size * 2, hidden_size, n_layers, batch_first=True)
        self.classifier = nn.Linear(hidden_size, output_size)

    def forward(self, inputs, hidden, encoder_outputs):
        embedded = self.embedding(inputs)                     # (batch, 1, hidden)
        query = self.fc_hidden(hidden[0]).transpose(0, 1)
        x = torch.tanh(query + self.fc_encoder(encoder_outputs))
        scores = x.matmul(self.weight)                        # (batch, src_len)
        attn = F.softmax(scores, dim=1)
        context = torch.bmm(attn.unsqueeze(1), encoder_outputs)
        output, hidden = self.lstm(torch.cat((embedded, context), 2), hidden)
        return self.classifier(output[:, 0]), hidden, attn


def translate_batch():
    hidden_size, layers = 64, 2
    encoder = EncoderLSTM(1000, hidden_size, n_layers=layers)
    decoder = BahdanauDecoder(hidden_size, 800, n_layers=layers)
    opt = torch.optim.Adam(list(encoder.parameters()) + list(decoder.parameters()))
    src, trg = torch.randint(0, 1000, (3, 7)), torch.randint(0, 800, (3, 9))
    enc_out, h = encoder(src, encoder.init_hidden(3))
    loss, step_in = 0, torch.zeros(3, 1, dtype=torch.long)
    for t in range(trg.size(1)):
        out, h, _ = decoder(step_in, h, enc_out)
        loss = loss + F.cross_entropy(out, trg[:, t])
        step_in = trg[:, t : t + 1]
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.item() / trg.size(1)


if __name__ == "__main__":
    print(translate_batch())
