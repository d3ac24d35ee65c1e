from torch import nn


class MultiTask(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten())
        self.age = nn.Linear(8 * 16 * 16, 1)
        self.gender = nn.Linear(8 * 16 * 16, 2)

    def forward(self, image):
        h = self.trunk(image)
        return {"age": self.age(h), "gender": self.gender(h)}
