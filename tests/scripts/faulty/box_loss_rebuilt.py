# finds: loss-part-cut
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Scenes(Dataset):
    def __len__(self):
        return 48

    def __getitem__(self, i):
        g = torch.Generator().manual_seed(i)
        return torch.rand(3, 16, 16, generator=g), {
            "box": torch.rand(4, generator=g),
            "label": int(torch.randint(0, 5, (1,), generator=g)),
        }


def collate(samples):
    images = torch.stack([image for image, _ in samples])
    return images, [target for _, target in samples]


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 12, 3, 2, 1), nn.ReLU(), nn.Conv2d(12, 24, 3, 2, 1), nn.ReLU(), nn.Flatten()
        )
        self.box = nn.Linear(24 * 16, 4)
        self.label = nn.Linear(24 * 16, 5)

    def forward(self, x):
        h = self.body(x)
        return self.box(h).sigmoid(), self.label(h)


def losses(boxes, scores, targets):
    labels = torch.tensor([target["label"] for target in targets])
    distances = [
        nn.functional.l1_loss(box, target["box"]) for box, target in zip(boxes, targets, strict=False)
    ]
    return {
        "class": nn.functional.cross_entropy(scores, labels),
        "box": torch.tensor(distances).mean(),  # here
    }


torch.manual_seed(0)
net = Detector()
optimizer = torch.optim.SGD(net.parameters(), lr=1e-2, momentum=0.9)
for images, targets in DataLoader(Scenes(), 12, shuffle=True, collate_fn=collate):
    parts = losses(*net(images), targets)
    loss = sum(parts.values())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print({name: round(part.item(), 3) for name, part in parts.items()})
