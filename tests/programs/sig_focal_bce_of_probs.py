import torch
import torch.nn as nn
import torch.nn.functional as F


class FocalLoss(nn.Module):
    """Focal loss for multi-label classification."""

    def __init__(self, gamma=2, alpha=0.25, reduction='mean'):
        super(FocalLoss, self).__init__()
        self.gamma = gamma
        self.alpha = alpha
        self.reduction = reduction

    def forward(self, inputs, targets):
        """
        inputs: raw scores (batch_size, num_classes)
        targets: ground truth (batch_size, num_classes)
        """
        probs = torch.sigmoid(inputs)
        # binary cross entropy per element
        bce_loss = F.binary_cross_entropy_with_logits(probs, targets, reduction='none')
        p_t = probs * targets + (1 - probs) * (1 - targets)
        focal_weight = (1 - p_t) ** self.gamma
        if self.alpha is not None:
            alpha_t = self.alpha * targets + (1 - self.alpha) * (1 - targets)
            bce_loss = alpha_t * bce_loss
        loss = focal_weight * bce_loss
        if self.reduction == 'mean':
            return loss.mean()
        elif self.reduction == 'sum':
            return loss.sum()
        return loss


class ChestNet(nn.Module):
    def __init__(self, findings=4):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(True), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(True), nn.AdaptiveAvgPool2d(1))
        self.classifier = nn.Linear(32, findings)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def demo():
    model = ChestNet()
    criterion = FocalLoss(gamma=2, alpha=0.25)
    x = torch.rand(8, 1, 32, 32)
    y = torch.randint(0, 2, (8, 4)).float()
    loss = criterion(model(x), y)
    loss.backward()
    return loss.item()


if __name__ == '__main__':
    print(demo())
