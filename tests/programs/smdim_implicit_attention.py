import numpy as np
import torch
import torch.nn as nn


class ScaledDot(nn.Module):
    ''' Scaled Dot-Product Attention '''

    def __init__(self, d_model=8, attn_dropout=0.1):
        super().__init__()
        self.temper = np.power(d_model, 0.5)
        self.dropout = nn.Dropout(attn_dropout)
        self.softmax = nn.Softmax()

    def forward(self, q, k):
        attn = torch.bmm(q, k.transpose(1, 2)) / self.temper
        attn = self.softmax(attn)
        attn = self.dropout(attn)
        output = torch.bmm(attn, k)
        return output, attn
