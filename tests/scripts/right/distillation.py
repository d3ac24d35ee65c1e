# A fixed teacher without gradients, a student, two losses.
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
teacher = nn.Sequential(
    nn.Linear(10, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 4)
).eval()
student = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 4))
optimizer = torch.optim.Adam(student.parameters(), lr=1e-3)
T = 2.0
for _ in range(5):
    x, y = torch.randn(32, 10), torch.randint(0, 4, (32,))
    with torch.no_grad():
        target = F.softmax(teacher(x) / T, dim=-1)
    logits = student(x)
    soft = F.kl_div(F.log_softmax(logits / T, dim=-1), target, reduction="batchmean") * T * T
    loss = 0.5 * soft + 0.5 * F.cross_entropy(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
