import torch


def conv3x3(in_channels, out_channels, stride=1):
    return torch.nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)


class ResidualBlock(torch.nn.Module):
    def __init__(self, num_channels, stride=1):
        super().__init__()
        self.conv1 = conv3x3(num_channels, num_channels, stride)
        self.bn1 = torch.nn.BatchNorm2d(num_channels)
        self.conv2 = conv3x3(num_channels, num_channels)
        self.bn2 = torch.nn.BatchNorm2d(num_channels)

    def forward(self, x):
        out = self.conv1(x)
        out = self.bn1(out)
        out = torch.nn.functional.relu(out)
        out = self.conv2(out)
        x = self.bn2(out)
        x += x
        x = torch.nn.functional.relu(x)
        return x


class RepresentationNetwork(torch.nn.Module):
    def __init__(self, observation_shape=(3, 6, 7), stacked_observations=0, num_blocks=2, num_channels=16):
        super().__init__()
        self.conv = conv3x3(observation_shape[0] * (stacked_observations + 1), num_channels)
        self.bn = torch.nn.BatchNorm2d(num_channels)
        self.resblocks = torch.nn.ModuleList([ResidualBlock(num_channels) for _ in range(num_blocks)])

    def forward(self, x):
        x = self.conv(x)
        x = self.bn(x)
        x = torch.nn.functional.relu(x)
        for block in self.resblocks:
            x = block(x)
        lowest = x.view(-1, x.shape[1], x.shape[2] * x.shape[3]).min(2, keepdim=True)[0].unsqueeze(-1)
        highest = x.view(-1, x.shape[1], x.shape[2] * x.shape[3]).max(2, keepdim=True)[0].unsqueeze(-1)
        scale = highest - lowest
        scale[scale < 1e-5] += 1e-5
        return (x - lowest) / scale


if __name__ == "__main__":
    print(RepresentationNetwork()(torch.rand(2, 3, 6, 7)).shape)
