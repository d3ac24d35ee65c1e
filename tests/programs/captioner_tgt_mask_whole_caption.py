import torch
import torch.nn as nn

VOCAB, PAD, DIM = 120, 0, 48


class Captioner(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, DIM, 16, stride=16)
        self.word = nn.Embedding(VOCAB, DIM, padding_idx=PAD)
        self.place = nn.Embedding(40, DIM)
        layer = nn.TransformerDecoderLayer(DIM, 4, dim_feedforward=96, batch_first=True)
        self.decoder = nn.TransformerDecoder(layer, 2)
        self.lm_head = nn.Linear(DIM, VOCAB)

    def forward(self, image, words, words_mask):
        memory = self.patch(image).flatten(2).transpose(1, 2)
        t = self.word(words) + self.place(torch.arange(words.size(1)))
        h = self.decoder(t, memory, tgt_mask=words_mask)
        return self.lm_head(h)


class Flickr:
    """stands in for the real data set"""

    def __len__(self):
        return 8

    def __getitem__(self, i):
        caption = torch.randint(4, VOCAB, (20,))
        caption[0], caption[-1] = 1, 2
        return torch.rand(3, 64, 64), caption


def run_epoch(net, loader, optimizer, criterion):
    net.train()
    total = 0.0
    for img, cap in loader:
        causal = nn.Transformer.generate_square_subsequent_mask(cap.shape[1])
        logits = net(img, cap[:, :-1], causal)
        loss = criterion(logits.reshape(-1, VOCAB), cap[:, 1:].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


def main():
    data = Flickr()
    loader = torch.utils.data.DataLoader([data[i] for i in range(len(data))], batch_size=4, shuffle=True)
    net = Captioner()
    return run_epoch(net, loader, torch.optim.Adam(net.parameters(), 3e-4), nn.CrossEntropyLoss(ignore_index=PAD))


if __name__ == "__main__":
    print(main())
