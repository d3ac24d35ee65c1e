import torch
import torch.nn as nn
import torch.nn.functional as F


class EncoderCNN(nn.Module):
    def __init__(self, embed_size, hidden_size, features=32):
        super().__init__()
        self.resnet = nn.Sequential(
            nn.Conv2d(3, 16, 7, stride=4, padding=3), nn.ReLU(),
            nn.Conv2d(16, features, 3, stride=4, padding=1), nn.ReLU(),
        )
        self.avgpool = nn.AvgPool2d(7)
        self.affine_embed = nn.Linear(features, embed_size)
        self.affine_hidden = nn.Linear(features, hidden_size)

    def forward(self, images):
        encoded_image = self.resnet(images)                      # (batch_size, 32, 7, 7)
        batch_size, features, num_pixels = encoded_image.shape[0], encoded_image.shape[1], 49
        global_features = self.avgpool(encoded_image).view(batch_size, -1)
        enc_image = encoded_image.view(batch_size, num_pixels, features)
        global_features = F.relu(self.affine_embed(global_features))
        enc_image = F.relu(self.affine_hidden(enc_image))        # (batch_size, 49, hidden)
        return enc_image, global_features


class SpatialAttention(nn.Module):
    def __init__(self, hidden_size, att_dim):
        super().__init__()
        self.cnn_att = nn.Linear(hidden_size, att_dim)
        self.dec_att = nn.Linear(hidden_size, att_dim)
        self.att_out = nn.Linear(att_dim, 1)

    def forward(self, v, h):
        z = self.att_out(torch.tanh(self.cnn_att(v) + self.dec_att(h).unsqueeze(1))).squeeze(2)
        alpha = F.softmax(z, dim=1)
        return (v * alpha.unsqueeze(2)).sum(dim=1)


class Captioner(nn.Module):
    def __init__(self, vocab=70, embed_size=20, hidden_size=24):
        super().__init__()
        self.encoder = EncoderCNN(embed_size, hidden_size)
        self.embedding = nn.Embedding(vocab, embed_size)
        self.lstm = nn.LSTMCell(embed_size * 2, hidden_size)
        self.attention = SpatialAttention(hidden_size, 16)
        self.fc = nn.Linear(hidden_size * 2, vocab)
        self.hidden_size = hidden_size

    def forward(self, images, captions):
        v, g = self.encoder(images)
        h = torch.zeros(images.size(0), self.hidden_size)
        c = torch.zeros_like(h)
        scores = []
        for t in range(captions.size(1)):
            h, c = self.lstm(torch.cat([self.embedding(captions[:, t]), g], dim=1), (h, c))
            scores.append(self.fc(torch.cat([h, self.attention(v, h)], dim=1)))
        return torch.stack(scores, dim=1)
