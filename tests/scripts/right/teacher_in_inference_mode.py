import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


def cnn(width):
    return nn.Sequential(
        nn.Conv2d(3, width, 3, padding=1),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(width, width, 3, padding=1),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(width, 5),
    )


def kd_loss(student_logits, teacher_logits, labels, T=4.0, alpha=0.7):
    soft = F.kl_div(
        F.log_softmax(student_logits / T, dim=1), F.softmax(teacher_logits / T, dim=1), reduction="batchmean"
    )
    return alpha * T * T * soft + (1 - alpha) * F.cross_entropy(student_logits, labels)


def main():
    torch.manual_seed(0)
    x = torch.randn(320, 3, 12, 12)
    loader = DataLoader(TensorDataset(x, torch.randint(0, 5, (320,))), 32, shuffle=True)
    teacher, student = cnn(32), cnn(8)
    teacher.eval()
    teacher.requires_grad_(False)
    opt = torch.optim.Adam(student.parameters(), lr=2e-3)
    for epoch in range(2):
        student.train()
        for xb, yb in loader:
            with torch.inference_mode():
                t = teacher(xb)
            s = student(xb)
            loss = kd_loss(s, t.clone(), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
        print(epoch, loss.item())
        student.eval()
        with torch.inference_mode():
            print((student(x).argmax(1) == teacher(x).argmax(1)).float().mean().item())


if __name__ == "__main__":
    main()
