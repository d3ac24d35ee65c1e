import torch
import torch.nn as nn
import torch.nn.functional as F


class GraphAttentionLayer(nn.Module):
    def __init__(self, in_features, out_features, alpha=0.2):
        super(GraphAttentionLayer).__init__()
        self.W = nn.Parameter(torch.empty(in_features, out_features))
        nn.init.xavier_uniform_(self.W, gain=1.414)
        self.a = nn.Parameter(torch.empty(2 * out_features, 1))
        nn.init.xavier_uniform_(self.a, gain=1.414)
        self.leakyrelu = nn.LeakyReLU(alpha)

    def forward(self, h, adj):
        Wh = h @ self.W
        n = Wh.size(1)
        d = self.W.size(1)
        e = self.leakyrelu((Wh @ self.a[:d]) + (Wh @ self.a[d:]).transpose(0, 1))
        attention = F.softmax(torch.where(adj > 0, e, torch.full_like(e, -9e15)), dim=1)
        return F.elu(attention @ Wh)


class GAT(nn.Module):
    def __init__(self, nfeat, nhid, nclass, nheads):
        super(GAT, self).__init__()
        self.attentions = nn.ModuleList([GraphAttentionLayer(nfeat, nhid) for _ in range(nheads)])
        self.out_att = GraphAttentionLayer(nhid * nheads, nclass)

    def forward(self, x, adj):
        x = torch.cat([att(x, adj) for att in self.attentions], dim=1)
        return F.log_softmax(self.out_att(x, adj), dim=1)


def train():
    model = GAT(nfeat=50, nhid=8, nclass=7, nheads=4)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005, weight_decay=5e-4)
    x = torch.rand(30, 50)
    adj = (torch.rand(30, 30) > 0.8).float() + torch.eye(30)
    y = torch.randint(0, 7, (30,))
    idx_train = torch.arange(20)
    for _ in range(3):
        output = model(x, adj)
        loss = F.nll_loss(output[idx_train], y[idx_train])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    train()
