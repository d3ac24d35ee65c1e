"""What a file says about its network's input."""

from __future__ import annotations

import ast

import pytest

from nnwhy.load.hints import InputHint, hints_in
from nnwhy.load.reading import names_in
from nnwhy.trace.inputs import written

HEAD = """
class Net(nn.Module):
    def forward(self, x, mask=None):
        return x
"""


def hints(text: str) -> tuple[InputHint, ...]:
    tree = ast.parse(text)
    return hints_in(tree, text, "Net", "Net", {}, names_in(tree))


@pytest.mark.parametrize(
    ("call", "inputs"),
    [
        ("net = Net()\nnet(torch.randn(64, 1, 28, 28))", ["64,1,28,28"]),
        ("b = 4\nx = torch.rand((b, 3, 2 * 16, 32), device=d)\nnet = Net().to(d)\ny = net(x)", ["4,3,32,32"]),
        ("Net()(torch.zeros(1, 5).long())", ["1,5:int64"]),
        ("net = Net().eval()\nnet(torch.randint(0, 10, (2, 7)), mask=torch.ones(2, 7, dtype=torch.bool))", ["2,7:int64", "mask=2,7:bool"]),
        ("net = Net()\nnet.forward(torch.randn(3, 8).unsqueeze(1))", ["3,1,8"]),
        ("net = Net()\nphoto = torch.randint(0, 256, (8, 9, 3))\nnet((photo.float() / 255).unsqueeze(0))", ["1,8,9,3"]),
        ("net = Net()\nnet(torch.unsqueeze(torch.rand(3, 8) * 2 - 1, 0))", ["1,3,8"]),
        ("net = Net()\nraw = {'img': torch.rand(2, 8).div(4)}\nnet(raw['img'].permute(1, 0))", ["8,2"]),
        ("import torch as th\nshape = (3, 4)\nnet = Net()\nth.exp(net(th.rand(6, *shape).transpose(1, 2)))", ["6,4,3"]),
        ("net = Net()\ntorch.onnx.export(net, torch.randn(1, 3, 9, 9), 'net.onnx')", ["1,3,9,9"]),
        ("from torchsummary import summary\nnet = Net()\nsummary(net, (1, 28, 28))", ["N,1,28,28"]),
        ("net = Net()\nsummary(net, input_size=(16, 3, 8, 8))", ["16,3,8,8"]),
        ("def main():\n    net = Net()\n    for i in range(9):\n        net(torch.tensor([[1.0, 2.0]]))", ["1,2"]),
    ],
)  # fmt: skip
def test_calls_with_made_up_tensors_are_read(call: str, inputs: list[str]) -> None:
    found = hints(HEAD + call)
    assert [written(spec) for spec in found[0].specs] == inputs
    assert found[0].certain


@pytest.mark.parametrize(
    "call",
    ["net = Net()\nfor x in loader:\n    net(x)", "other(torch.randn(2, 2))", "net = Net()\nnet(load())"],
)
def test_what_is_not_known_is_no_hint(call: str) -> None:
    assert hints(HEAD + call) == ()


@pytest.mark.parametrize(
    ("line", "sizes"),
    [
        ("# x: (N, 3, 32, 48)", ("N", 3, 32, 48)),
        ("# [batch, 10]", ("batch", 10)),
        ('"""x (B, T, 40) -> (B, 2)"""', ("B", "T", 40)),
    ],
)
def test_shapes_in_comments_are_read(line: str, sizes: tuple[int | str, ...]) -> None:
    (found,) = hints(f"class Net(nn.Module):\n    def forward(self, x):\n        {line}\n        return x\n")
    assert found.specs[0].sizes == sizes
    assert not found.certain


@pytest.mark.parametrize(
    "line", ["# returns (N, 10)", "# see (Smith, 2019)", "# dropout (p, q)", "pass  # (N, 3)"]
)
def test_other_brackets_are_no_shapes(line: str) -> None:
    assert (
        hints(f"class Net(nn.Module):\n    def forward(self, x):\n        {line}\n        return x\n") == ()
    )


def test_annotations_of_jaxtyping_are_read() -> None:
    text = 'class Net(nn.Module):\n    def forward(self, x: Float[Tensor, "n 3 h w"], t: "Int[Tensor, \'n\']"):\n        return x\n'
    (found,) = hints(text)
    assert [written(spec) for spec in found.specs] == ["x=n,3,h,w", "t=n:int64"]
