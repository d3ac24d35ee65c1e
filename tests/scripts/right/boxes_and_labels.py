# A detector of one box: three losses, targets of different size, boxes matter only where something is.
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Scenes(Dataset):
    def __len__(self):
        return 48

    def __getitem__(self, i):
        g = torch.Generator().manual_seed(i)
        image = torch.rand(3, 16, 16, generator=g)
        if i % 4 == 0:
            return image, {"boxes": torch.zeros(0, 4), "labels": torch.zeros(0, dtype=torch.long)}
        box = torch.rand(1, 4, generator=g)
        return image, {"boxes": box, "labels": torch.randint(0, 3, (1,), generator=g)}


def collate(samples):
    return torch.stack([s[0] for s in samples]), [s[1] for s in samples]


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 12, 3, 2, 1), nn.GroupNorm(3, 12), nn.SiLU(),
            nn.Conv2d(12, 24, 3, 2, 1), nn.GroupNorm(3, 24), nn.SiLU(),
            nn.AdaptiveAvgPool2d(2), nn.Flatten(),
        )  # fmt: skip
        self.there, self.box, self.label = nn.Linear(96, 1), nn.Linear(96, 4), nn.Linear(96, 3)

    def forward(self, images, targets=None):
        h = self.body(images)
        there, box, label = self.there(h).squeeze(1), self.box(h).sigmoid(), self.label(h)
        if targets is None:
            return there.sigmoid(), box, label.argmax(1)
        full = torch.tensor([len(t["labels"]) > 0 for t in targets])
        boxes = torch.cat([t["boxes"] for t in targets])
        labels = torch.cat([t["labels"] for t in targets])
        return {
            "there": F.binary_cross_entropy_with_logits(there, full.float()),
            "box": F.smooth_l1_loss(box[full], boxes, reduction="sum") / max(len(boxes), 1),
            "label": F.cross_entropy(label[full], labels, label_smoothing=0.1),
        }


torch.manual_seed(0)
net = Detector()
decayed = [p for p in net.parameters() if p.ndim > 1]
plain = [p for p in net.parameters() if p.ndim == 1]
optimizer = torch.optim.SGD(
    [{"params": decayed, "weight_decay": 1e-4}, {"params": plain}], lr=1e-2, momentum=0.9, nesterov=True
)
loader = DataLoader(Scenes(), 12, shuffle=True, drop_last=True, collate_fn=collate)
warm = torch.optim.lr_scheduler.LinearLR(optimizer, 0.1, total_iters=len(loader))
for _ in range(2):
    net.train()
    for images, targets in loader:
        parts = net(images, targets)
        optimizer.zero_grad()
        sum(parts.values()).backward()
        optimizer.step()
        warm.step()
net.eval()
with torch.inference_mode():
    print([out.shape for out in net(next(iter(loader))[0])])
