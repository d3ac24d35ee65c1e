import torch
import torch.nn as nn


class Lipreading(nn.Module):
    def __init__(self, mode='temporalConv', inputDim=64, hiddenDim=96, nClasses=20, frameLen=6):
        super(Lipreading, self).__init__()
        self.mode = mode
        self.inputDim = inputDim
        self.hiddenDim = hiddenDim
        self.nClasses = nClasses
        self.frameLen = frameLen
        # frontend3D
        self.frontend3D = nn.Sequential(
            nn.Conv3d(1, 16, kernel_size=(5, 7, 7), stride=(1, 2, 2), padding=(2, 3, 3), bias=False),
            nn.BatchNorm3d(16),
            nn.ReLU(True),
            nn.MaxPool3d(kernel_size=(1, 3, 3), stride=(1, 2, 2), padding=(0, 1, 1))
        )
        # trunk per frame
        self.trunk = nn.Sequential(
            nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.BatchNorm2d(32), nn.ReLU(True),
        )
        self.fc = nn.Linear(32 * 4 * 4, inputDim)
        # backend_conv
        self.backend_conv1 = nn.Sequential(
            nn.Conv1d(inputDim, 2 * inputDim, 3, 1, 0, bias=False),
            nn.BatchNorm1d(2 * inputDim),
            nn.ReLU(True),
            nn.AdaptiveAvgPool1d(1),
        )
        self.backend_conv2 = nn.Sequential(
            nn.Linear(2 * inputDim, inputDim),
            nn.BatchNorm2d(inputDim),
            nn.ReLU(True),
            nn.Linear(inputDim, nClasses)
        )
        self._initialize_weights()

    def forward(self, x):
        b = x.size(0)
        x = self.frontend3D(x)
        x = x.transpose(1, 2).contiguous()
        x = x.view(-1, 16, x.size(3), x.size(4))
        x = self.trunk(x)
        x = self.fc(x.flatten(1))
        x = x.view(b, self.frameLen, self.inputDim).transpose(1, 2).contiguous()
        x = self.backend_conv1(x)
        x = torch.mean(x, 2)
        return self.backend_conv2(x)

    def _initialize_weights(self):
        for m in self.modules():
            if isinstance(m, (nn.Conv3d, nn.Conv2d, nn.Conv1d)):
                nn.init.kaiming_normal_(m.weight)


if __name__ == '__main__':
    model = Lipreading()
    print(model(torch.rand(2, 1, 6, 32, 32)).shape)
