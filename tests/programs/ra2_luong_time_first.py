import torch
import torch.nn as nn
import torch.nn.functional as F

INPUT_DIM, OUTPUT_DIM = 70, 60


class EncoderRNN(nn.Module):
    def __init__(self, vocab, hidden):
        super().__init__()
        self.embedding = nn.Embedding(vocab, hidden)
        self.gru = nn.GRU(hidden, hidden)

    def forward(self, src):
        # src: [src len, batch]
        outputs, hidden = self.gru(self.embedding(src))
        return outputs, hidden


class LuongDecoder(nn.Module):
    def __init__(self, vocab, hidden, method="general"):
        super().__init__()
        self.method = method
        self.embedding = nn.Embedding(vocab, hidden)
        self.gru = nn.GRU(hidden, hidden)
        self.attn = nn.Linear(hidden, hidden)
        self.concat = nn.Linear(2 * hidden, hidden)
        self.out = nn.Linear(hidden, vocab)

    def score(self, rnn_output, encoder_outputs):
        energy = self.attn(encoder_outputs) if self.method == "general" else encoder_outputs
        return torch.sum(rnn_output * energy, dim=2).t()

    def forward(self, token, hidden, encoder_outputs):
        embedded = self.embedding(token.unsqueeze(0))
        rnn_output, hidden = self.gru(embedded, hidden)
        weights = F.softmax(self.score(rnn_output, encoder_outputs), dim=1).unsqueeze(1)
        context = weights.bmm(encoder_outputs)
        concat_input = torch.cat((rnn_output.squeeze(0), context.squeeze(1)), 1)
        concat_output = torch.tanh(self.concat(concat_input))
        return self.out(concat_output), hidden


class Seq2Seq(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.encoder = EncoderRNN(INPUT_DIM, hidden)
        self.decoder = LuongDecoder(OUTPUT_DIM, hidden)

    def forward(self, src, trg):
        encoder_outputs, hidden = self.encoder(src)
        outputs = []
        for t in range(trg.size(0) - 1):
            out, hidden = self.decoder(trg[t], hidden, encoder_outputs)
            outputs.append(out)
        return torch.stack(outputs)


def main():
    model = Seq2Seq()
    src, trg = torch.randint(0, INPUT_DIM, (11, 5)), torch.randint(0, OUTPUT_DIM, (8, 5))
    out = model(src, trg)
    loss = F.cross_entropy(out.view(-1, OUTPUT_DIM), trg[1:].reshape(-1))
    loss.backward()


if __name__ == "__main__":
    main()
