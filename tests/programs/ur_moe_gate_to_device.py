import torch
import torch.nn as nn


class Expert(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.fc1 = nn.Linear(i, 8)
        self.fc2 = nn.Linear(8, o)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


class MoE(nn.Module):
    def __init__(self, input_size=16, output_size=5, num_experts=2):
        super(MoE, self).__init__()
        self.device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
        self.experts = nn.ModuleList([Expert(input_size, output_size) for i in range(num_experts)])
        self.w_gate = nn.Parameter(torch.randn(input_size, num_experts) * 0.01, requires_grad=True).to(self.device)
        self.w_noise = nn.Parameter(torch.zeros(input_size, num_experts), requires_grad=True).to(self.device)
        self.softmax = nn.Softmax(1)

    def forward(self, x):
        logits = x @ self.w_gate + torch.randn(()) * (x @ self.w_noise)
        gates = self.softmax(logits)
        outs = torch.stack([e(x) for e in self.experts], 1)
        return (gates.unsqueeze(-1) * outs).sum(1)
