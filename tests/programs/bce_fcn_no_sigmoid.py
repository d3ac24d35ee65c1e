import torch
import torch.nn as nn


class FCN(nn.Module):
    def __init__(self, n_class=2):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(3, 16, 3, stride=2, padding=1), nn.ReLU(inplace=True))
        self.deconv = nn.ConvTranspose2d(16, 16, 3, stride=2, padding=1, output_padding=1)
        self.bn = nn.BatchNorm2d(16)
        self.classifier = nn.Conv2d(16, n_class, kernel_size=1)

    def forward(self, x):
        score = self.down(x)
        score = self.bn(torch.relu(self.deconv(score)))
        score = self.classifier(score)
        return score


def train(epo_num=1):
    fcn_model = FCN(n_class=2)
    criterion = nn.BCELoss()
    optimizer = torch.optim.SGD(fcn_model.parameters(), lr=1e-2, momentum=0.7)
    for epo in range(epo_num):
        train_loss = 0
        fcn_model.train()
        for index in range(2):
            bag = torch.rand(2, 3, 32, 32)
            bag_msk = torch.randint(0, 2, (2, 2, 32, 32)).float()
            optimizer.zero_grad()
            output = fcn_model(bag)
            loss = criterion(output, bag_msk)
            loss.backward()
            optimizer.step()
            train_loss += loss.item()
