import argparse
import torch
import torch.nn as nn
import torch.optim as optim


def weights_init(m):
    classname = m.__class__.__name__
    if classname.find('Conv') != -1:
        m.weight.data.normal_(0.0, 0.02)
    elif classname.find('BatchNorm') != -1:
        m.weight.data.normal_(1.0, 0.02)
        m.bias.data.fill_(0)


class NetD(nn.Module):
    def __init__(self, num_classes=10):
        super(NetD, self).__init__()
        self.conv1 = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True), nn.Dropout(0.5, inplace=False))
        self.conv2 = nn.Sequential(nn.Conv2d(16, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.LeakyReLU(0.2, inplace=True), nn.Dropout(0.5, inplace=False))
        # discriminator fc
        self.fc_dis = nn.Linear(8 * 8 * 32, 1)
        # aux-classifier fc
        self.fc_aux = nn.Linear(8 * 8 * 32, num_classes)
        self.softmax = nn.Softmax(dim=1)
        self.sigmoid = nn.Sigmoid()

    def forward(self, input):
        conv1 = self.conv1(input)
        conv2 = self.conv2(conv1)
        flat = conv2.view(-1, 8 * 8 * 32)
        fc_dis = self.fc_dis(flat)
        fc_aux = self.fc_aux(flat)
        classes = self.softmax(fc_aux)
        realfake = self.sigmoid(fc_dis).view(-1, 1).squeeze(1)
        return realfake, classes


netD = NetD()
netD.apply(weights_init)


def main(argv=()):
    parser = argparse.ArgumentParser()
    parser.add_argument('--batchSize', type=int, default=4)
    parser.add_argument('--lr', type=float, default=0.0002)
    opt = parser.parse_args(argv)
    dis_criterion = nn.BCELoss()
    aux_criterion = nn.NLLLoss()
    optimizerD = optim.Adam(netD.parameters(), lr=opt.lr, betas=(0.5, 0.999))
    for i in range(2):
        netD.zero_grad()
        image = torch.rand(opt.batchSize, 3, 32, 32) * 2 - 1
        label = torch.randint(0, 10, (opt.batchSize,))
        dis_label = torch.ones(opt.batchSize)
        dis_output, aux_output = netD(image)
        dis_errD_real = dis_criterion(dis_output, dis_label)
        aux_errD_real = aux_criterion(aux_output, label)
        errD_real = dis_errD_real + aux_errD_real
        errD_real.backward()
        optimizerD.step()


if __name__ == '__main__':
    main()
