import torch
import torch.nn as nn


def positional_table(max_len, d_model):
    pos = torch.arange(max_len, dtype=torch.float64).unsqueeze(1)
    freq = torch.pow(torch.tensor(10000.0, dtype=torch.float64), -torch.arange(0, d_model, 2) / d_model)
    table = torch.zeros(max_len, d_model, dtype=torch.float64)
    table[:, 0::2] = torch.sin(pos * freq)
    table[:, 1::2] = torch.cos(pos * freq)
    return table


class MusicTransformer(nn.Module):
    def __init__(self, n_events=388, d_model=64, heads=4, depth=2, max_len=256):
        super().__init__()
        self.events = nn.Embedding(n_events, d_model)
        self.register_buffer("pe", positional_table(max_len, d_model))
        block = nn.TransformerEncoderLayer(d_model, heads, 128, dropout=0.1, batch_first=True)
        self.blocks = nn.TransformerEncoder(block, depth)
        self.to_events = nn.Linear(d_model, n_events)

    def forward(self, seq):
        n = seq.size(1)
        x = self.events(seq) * self.events.embedding_dim ** 0.5
        x = x + self.pe[:n]
        causal = nn.Transformer.generate_square_subsequent_mask(n)
        return self.to_events(self.blocks(x, mask=causal, is_causal=True))


def train_on_midi():
    net = MusicTransformer()
    opt = torch.optim.Adam(net.parameters(), lr=1e-4, betas=(0.9, 0.98))
    pieces = torch.randint(0, 388, (6, 65))
    for piece in pieces.split(2):
        scores = net(piece[:, :-1])
        loss = nn.functional.cross_entropy(scores.flatten(0, 1), piece[:, 1:].flatten())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return loss


if __name__ == "__main__":
    print(train_on_midi())
