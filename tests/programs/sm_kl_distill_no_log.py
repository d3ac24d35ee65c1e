import torch
import torch.nn as nn
import torch.nn.functional as F


class Student(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(20, 16)
        self.fc2 = nn.Linear(16, 5)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))


class Teacher(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 5))

    def forward(self, x):
        return self.body(x)


def distill(T=4.0):
    teacher, student = Teacher(), Student()
    teacher.eval()
    kl = nn.KLDivLoss(reduction='batchmean')
    optimizer = torch.optim.Adam(student.parameters())
    for _ in range(3):
        x = torch.randn(8, 20)
        with torch.no_grad():
            teacher_p = F.softmax(teacher(x) / T, dim=1)
        student_p = F.softmax(student(x) / T, dim=1)
        loss = kl(student_p, teacher_p) * T * T
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
