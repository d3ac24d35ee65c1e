import copy
import torch
from torch import nn


class DecoderLayer(nn.Module):
    def __init__(self, d, heads, ff, dropout=0.1):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(d, heads, dropout=dropout, batch_first=True)
        self.cross_attn = nn.MultiheadAttention(d, heads, dropout=dropout, batch_first=True)
        self.linear1, self.linear2 = nn.Linear(d, ff), nn.Linear(ff, d)
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(d), nn.LayerNorm(d), nn.LayerNorm(d)
        self.dropout = nn.Dropout(dropout)

    def forward(self, tgt, memory, query_pos):
        q = tgt + query_pos
        tgt = self.norm1(tgt + self.dropout(self.self_attn(q, q, tgt)[0]))
        tgt = self.norm2(tgt + self.dropout(self.cross_attn(tgt + query_pos, memory, memory)[0]))
        return self.norm3(tgt + self.dropout(self.linear2(torch.relu(self.linear1(tgt)))))


class Decoder(nn.Module):
    def __init__(self, decoder_layer, num_layers, norm=None, return_intermediate=False):
        super().__init__()
        self.layers = nn.ModuleList([decoder_layer for _ in range(num_layers)])
        self.num_layers = num_layers
        self.norm = norm
        self.return_intermediate = return_intermediate

    def forward(self, tgt, memory, query_pos):
        output = tgt
        intermediate = []
        for layer in self.layers:
            output = layer(output, memory, query_pos)
            if self.return_intermediate:
                intermediate.append(self.norm(output))
        if self.return_intermediate:
            return torch.stack(intermediate)
        return self.norm(output)


class Detector(nn.Module):
    def __init__(self, d=32, heads=4, queries=10, num_decoder_layers=3, num_classes=7):
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Conv2d(3, 16, 7, stride=4, padding=3), nn.BatchNorm2d(16), nn.ReLU(),
            nn.Conv2d(16, d, 3, stride=4, padding=1), nn.BatchNorm2d(d), nn.ReLU(),
        )
        self.decoder = Decoder(DecoderLayer(d, heads, 64), num_decoder_layers, nn.LayerNorm(d))
        self.query_embed = nn.Embedding(queries, d)
        self.class_embed = nn.Linear(d, num_classes + 1)
        self.bbox_embed = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, 4))

    def forward(self, images):
        memory = self.backbone(images).flatten(2).transpose(1, 2)
        query_pos = self.query_embed.weight.unsqueeze(0).expand(images.size(0), -1, -1)
        hs = self.decoder(torch.zeros_like(query_pos), memory, query_pos)
        return {"pred_logits": self.class_embed(hs), "pred_boxes": self.bbox_embed(hs).sigmoid()}


if __name__ == "__main__":
    out = Detector()(torch.rand(2, 3, 64, 64))
    print({k: v.shape for k, v in out.items()})
