import torch
from torch import nn


def build_mlp(num_layers, input_dim, mlp_dim, output_dim, last_bn=False):
    mlp = []
    for l in range(num_layers):
        dim1 = input_dim if l == 0 else mlp_dim
        dim2 = output_dim if l == num_layers - 1 else mlp_dim
        mlp.append(nn.Linear(dim1, dim2, bias=False))
        if l < num_layers - 1:
            mlp.append(nn.BatchNorm1d(dim2))
            mlp.append(nn.ReLU(inplace=True))
        elif last_bn:
            mlp.append(nn.LayerNorm(dim2))
    return nn.Sequential(*mlp)


class TokenProjector(nn.Module):
    def __init__(self, image=28, patch=4, dim=48, depth=1, mlp_dim=96, out_dim=32):
        super().__init__()
        self.patch_embed = nn.Conv2d(3, dim, patch, patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.zeros(1, (image // patch) ** 2 + 1, dim))
        layer = nn.TransformerEncoderLayer(dim, 4, 2 * dim, batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, depth, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(dim)
        self.projector = build_mlp(3, dim, mlp_dim, out_dim)

    def forward(self, x):
        x = self.patch_embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(x.size(0), -1, -1), x], dim=1) + self.pos
        tokens = self.norm(self.blocks(x))
        return self.projector(tokens)


if __name__ == "__main__":
    print(TokenProjector()(torch.rand(4, 3, 28, 28)).shape)
