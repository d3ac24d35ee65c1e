# finds: loss-part-cut
"""Sparse autoencoder on sensor readings: reconstruction plus a penalty on the codes."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class SparseAutoencoder(nn.Module):
    def __init__(self, n_inputs=24, n_codes=48):
        super().__init__()
        self.encoder = nn.Linear(n_inputs, n_codes)
        self.decoder = nn.Linear(n_codes, n_inputs)

    def forward(self, x):
        codes = torch.relu(self.encoder(x))
        return self.decoder(codes), codes


class Trainer:
    def __init__(self, model, data, sparsity=1e-2, lr=1e-3):
        self.model = model
        self.data = data
        self.sparsity = sparsity
        self.optim = torch.optim.Adam(model.parameters(), lr=lr)
        self.history = []

    def step(self, batch):
        recon, codes = self.model(batch)
        mse = F.mse_loss(recon, batch)
        l1 = codes.abs().mean()
        loss = mse + self.sparsity * l1.item()  # here
        self.optim.zero_grad()
        loss.backward()
        self.optim.step()
        return mse.item(), l1.item()

    def fit(self, epochs):
        for epoch in range(epochs):
            for batch in self.data[torch.randperm(len(self.data))].split(32):
                self.history.append(self.step(batch))
            mse, l1 = self.history[-1]
            print(f"epoch {epoch:02d} mse {mse:.4f} l1 {l1:.4f}")


torch.manual_seed(1)
basis = torch.randn(6, 24)
readings = torch.randn(320, 6) @ basis / 6**0.5
Trainer(SparseAutoencoder(), readings).fit(5)
