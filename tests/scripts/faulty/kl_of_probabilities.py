# finds: loss-inputs
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
T = 4.0
teacher = nn.Sequential(nn.Linear(30, 128), nn.ReLU(), nn.Linear(128, 6))
student = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Linear(16, 6))
teacher.eval()
for q in teacher.parameters():
    q.requires_grad_(False)


def distill(student_logits, teacher_logits, labels, alpha=0.7):
    soft_student = F.softmax(student_logits / T, dim=1)  # here
    soft_teacher = F.softmax(teacher_logits / T, dim=1)
    kd = F.kl_div(soft_student, soft_teacher, reduction="batchmean") * T * T
    hard = F.cross_entropy(student_logits, labels)
    return alpha * kd + (1 - alpha) * hard


X = torch.randn(256, 30)
Y = teacher(X).argmax(1)
optimizer = torch.optim.SGD(student.parameters(), lr=0.05, momentum=0.9)
for epoch in range(2):
    for idx in torch.randperm(len(X)).split(32):
        xb, yb = X[idx], Y[idx]
        with torch.no_grad():
            t = teacher(xb)
        loss = distill(student(xb), t, yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
