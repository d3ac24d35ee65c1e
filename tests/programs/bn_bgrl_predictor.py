import copy
import torch
from torch import nn
import torch.nn.functional as F


class GCNConv(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.lin = nn.Linear(cin, cout, bias=False)

    def forward(self, x, adj):
        deg = adj.sum(1, keepdim=True).clamp(min=1)
        return (adj / deg) @ self.lin(x)


class Encoder(nn.Module):
    def __init__(self, layer_config, dropout=None):
        super().__init__()
        self.conv1 = GCNConv(layer_config[0], layer_config[1])
        self.bn1 = nn.BatchNorm1d(layer_config[1], momentum=0.01)
        self.prelu1 = nn.PReLU()
        self.conv2 = GCNConv(layer_config[1], layer_config[2])
        self.bn2 = nn.BatchNorm1d(layer_config[2], momentum=0.01)
        self.prelu2 = nn.PReLU()

    def forward(self, x, adj):
        x = self.prelu1(self.bn1(self.conv1(x, adj)))
        return self.prelu2(self.bn2(self.conv2(x, adj)))


def init_weights(m):
    if type(m) == nn.Linear:
        torch.nn.init.xavier_uniform_(m.weight)
        if m.bias is not None:
            m.bias.data.fill_(0.01)


class BGRL(nn.Module):
    def __init__(self, layer_config=(50, 512, 128), pred_hid=256, dropout=0.0, epochs=100):
        super().__init__()
        self.student_encoder = Encoder(layer_config=layer_config, dropout=dropout)
        self.teacher_encoder = copy.deepcopy(self.student_encoder)
        for p in self.teacher_encoder.parameters():
            p.requires_grad = False
        rep_dim = layer_config[-1]
        self.student_predictor = nn.Sequential(
            nn.Linear(rep_dim, pred_hid),
            nn.BatchNorm1d(pred_hid * 2),
            nn.PReLU(),
            nn.Linear(pred_hid, rep_dim),
        )
        self.student_predictor.apply(init_weights)

    def forward(self, x, adj):
        v1_student = self.student_encoder(x, adj)
        v1_pred = self.student_predictor(v1_student)
        with torch.no_grad():
            v1_teacher = self.teacher_encoder(x, adj)
        return 2 - 2 * (F.normalize(v1_pred, dim=-1) * F.normalize(v1_teacher, dim=-1)).sum(dim=-1).mean()


if __name__ == "__main__":
    model = BGRL()
    print(model(torch.rand(30, 50), (torch.rand(30, 30) > 0.5).float()))
