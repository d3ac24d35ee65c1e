"""Receptive fields against the published table (Araujo, Norris and Sim, Distill 2019)."""

import torch
from torch import nn

from networks import ResNet50, Vgg16Features
from nnwhy.trace import record
from nnwhy.why.field import ReceptiveFields


def last_field(net: nn.Module, size: int, kind: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    trace = record(net.eval(), (torch.zeros(1, 3, size, size),))
    fields = ReceptiveFields(trace)
    last = [call for call in trace.calls if call.name == kind][-1]
    found = fields.of(last.outputs[0])
    assert found is not None
    return found.sizes, found.strides


def test_vgg16_sees_212_pixels():
    assert last_field(Vgg16Features(), 64, "max_pool2d") == ((212, 212), (32, 32))


def test_resnet50_sees_483_pixels_as_published_and_427_with_the_stride_in_the_second_convolution():
    assert last_field(ResNet50(stride_first=True), 64, "relu") == ((483, 483), (32, 32))
    assert last_field(ResNet50(), 64, "relu") == ((427, 427), (32, 32))


def test_a_dilated_kernel_sees_as_far_as_it_reaches():
    assert last_field(nn.Conv2d(3, 4, 3, dilation=4), 16, "conv2d")[0] == (9, 9)


def test_nothing_is_said_behind_a_flatten():
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Unflatten(1, (4, 6, 6)), nn.Conv2d(4, 4, 3))
    trace = record(net, (torch.zeros(1, 3, 8, 8),))
    fields = ReceptiveFields(trace)
    convolutions = [call for call in trace.calls if call.name == "conv2d"]
    assert fields.of(convolutions[0].outputs[0]) is not None
    assert fields.of(convolutions[1].outputs[0]) is None
