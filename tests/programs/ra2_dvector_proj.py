import torch
import torch.nn as nn
import torch.nn.functional as F

hp = {
    "data": {"nmels": 40, "tisv_frame": 160},
    "model": {"hidden": 256, "num_layer": 3, "proj": 64, "dvec": 128},
}


class LinearNorm(nn.Module):
    def __init__(self, in_dim, out_dim, bias=True):
        super().__init__()
        self.linear_layer = nn.Linear(in_dim, out_dim, bias=bias)
        nn.init.xavier_uniform_(self.linear_layer.weight)

    def forward(self, x):
        return self.linear_layer(x)


class SpeakerEncoder(nn.Module):
    """GE2E d-vectors, with the recurrent projection of the paper"""

    def __init__(self, hp=hp):
        super(SpeakerEncoder, self).__init__()
        m = hp["model"]
        self.lstm = nn.LSTM(hp["data"]["nmels"], m["hidden"], num_layers=m["num_layer"], batch_first=True, proj_size=m["proj"])
        for name, param in self.lstm.named_parameters():
            if "bias" in name:
                nn.init.constant_(param, 0.0)
            elif "weight" in name:
                nn.init.xavier_normal_(param)
        self.proj = LinearNorm(m["hidden"], m["dvec"])

    def forward(self, mel):
        x, _ = self.lstm(mel)
        x = x[:, -1, :]
        x = self.proj(x)
        return F.normalize(x, p=2, dim=1)


if __name__ == "__main__":
    net = SpeakerEncoder()
    print(net(torch.randn(6, hp["data"]["tisv_frame"], hp["data"]["nmels"])).shape)
