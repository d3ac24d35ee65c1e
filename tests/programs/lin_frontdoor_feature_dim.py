import torch
import torch.nn as nn
import torch.nn.functional as F


class FrontDoorIntervention(nn.Module):
    def __init__(self, cfgs):
        super().__init__()
        d_model = cfgs["model"]["d_model"]
        d_feat = cfgs["model"]["feature_dim"]

        self.prob_m = nn.Linear(d_model, d_model)
        self.prob_x_hat = nn.Linear(d_model, d_model)
        self.prob_x = nn.Linear(d_model, d_model)
        self.fc = nn.Linear(d_model * 2, d_model)
        self.d_feat = d_feat

    def forward(self, x, m, x_hat):
        # P(M|X) P(Y|X_hat, M) P(X_hat)
        prob_m = self.prob_m(m)
        prob_x_hat = self.prob_x_hat(x_hat).unsqueeze(0).expand(x.size(0), -1, -1)
        prob_x = self.prob_x(x)
        scores = prob_x @ prob_x_hat.transpose(1, 2)
        ctx = F.softmax(scores, dim=-1) @ prob_x_hat
        return self.fc(torch.cat([ctx, prob_m], dim=-1))


class GroundedQA(nn.Module):
    """video frames (already at d_model) are deconfounded with k-means clusters of the raw CLIP features"""

    def __init__(self, d_model=48, feature_dim=128, n_clusters=32, answers=5):
        super().__init__()
        cfgs = {"model": {"d_model": d_model, "feature_dim": feature_dim}}
        self.register_buffer("visual_clusters", torch.randn(n_clusters, feature_dim))
        self.project = nn.Linear(feature_dim, d_model)
        self.do = FrontDoorIntervention(cfgs)
        self.answer = nn.Linear(d_model, answers)

    def forward(self, frames):
        v = self.project(frames)
        m = torch.tanh(v)
        m = self.do(v, m, self.visual_clusters) + m
        return self.answer(m.mean(dim=1))
