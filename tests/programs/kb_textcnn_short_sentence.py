import torch
import torch.nn as nn
import torch.nn.functional as F

MAX_LEN = 4


class TextCNN(nn.Module):
    def __init__(self, vocab_size=50, embed_dim=16, num_filters=8, filter_sizes=(3, 4, 5), num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_dim)
        self.convs = nn.ModuleList([nn.Conv2d(1, num_filters, (k, embed_dim)) for k in filter_sizes])
        self.fc = nn.Linear(num_filters * len(filter_sizes), num_classes)

    def conv_and_pool(self, x, conv):
        x = F.relu(conv(x)).squeeze(3)
        return F.max_pool1d(x, x.size(2)).squeeze(2)

    def forward(self, ids):
        x = self.embedding(ids).unsqueeze(1)
        x = torch.cat([self.conv_and_pool(x, conv) for conv in self.convs], 1)
        return self.fc(x)


def predict():
    ids = torch.randint(0, 50, (3, MAX_LEN))
    return TextCNN()(ids)


if __name__ == "__main__":
    predict()
