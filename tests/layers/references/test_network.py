"""The recipe's whole network, forward, in NumPy references alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from nnwhy import layers


class Net(nn.Module):
    """PyTorch's recipe "Defining a Neural Network", with its second dropout as it was meant."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.dropout1 = nn.Dropout2d(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = self.dropout1(F.max_pool2d(x, 2))
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        return F.log_softmax(self.fc2(self.dropout2(x)), dim=1)


def in_numpy(x, w, *, training, maps=None, features=None):
    """The same, in references: `w` are the weights by torch's names; `maps` and `features` the dropouts' masks."""
    ref = layers.reference
    x = ref("ReLU")(ref("Conv2d")(x, w["conv1.weight"], w["conv1.bias"]))
    x = ref("ReLU")(ref("Conv2d")(x, w["conv2.weight"], w["conv2.bias"]))
    x = ref("MaxPool2d")(x, 2)
    x = ref("Dropout2d")(x, 0.25, training, keep=maps)
    x = ref("Flatten")(x)
    x = ref("ReLU")(ref("Linear")(x, w["fc1.weight"], w["fc1.bias"]))
    x = ref("Dropout")(x, 0.5, training, keep=features)
    return ref("LogSoftmax")(ref("Linear")(x, w["fc2.weight"], w["fc2.bias"]), 1)


@pytest.mark.parametrize("training", [False, True])
def test_the_recipe_in_numpy_equals_torch(training) -> None:
    torch.manual_seed(0)
    net = Net().train(training)
    x = torch.randn(4, 1, 28, 28)
    masks = {}

    def keep(name):
        def hook(module, inputs, output):
            # A value that ReLU made zero shows nothing; another of the same map, or none at all, does not matter.
            dropped = (output == 0) & (inputs[0] != 0)
            masks[name] = ~(dropped.flatten(2).any(-1) if output.ndim == 4 else dropped).numpy()

        return hook

    net.dropout1.register_forward_hook(keep("maps"))
    net.dropout2.register_forward_hook(keep("features"))
    expected = net(x).detach().numpy()
    weights = {name: weight.detach().numpy() for name, weight in net.named_parameters()}
    found = in_numpy(x.numpy(), weights, training=training, **masks)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    if training:
        assert not masks["maps"].all() and not masks["features"].all()
