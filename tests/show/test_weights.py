"""Weights from a file, checked against the network."""

import pytest
import torch
from torch import nn

from nnwhy.errors import InputError
from nnwhy.show.weights import load_weights


def net():
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))


def ones():
    return {name: torch.ones_like(tensor) for name, tensor in net().state_dict().items()}


def save(path, thing):
    if path.suffix == ".safetensors":
        from safetensors.torch import save_file

        save_file(thing, path)
    else:
        torch.save(thing, path)
    return path


@pytest.mark.parametrize("name", ["w.pt", "w.safetensors"])
def test_weights_that_fit(tmp_path, name):
    module = net()
    sentence, notes = load_weights(module, save(tmp_path / name, ones()))
    assert sentence == f"{name}: 4 of 4 tensors" and notes == ()
    assert all((tensor == 1).all() for tensor in module.state_dict().values())


def test_what_does_not_agree_is_told(tmp_path):
    module = net()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    weights = ones()
    del weights["0.bias"]
    weights["2.weight"] = torch.ones(5, 4)
    weights["head.bias"] = torch.ones(1)
    sentence, notes = load_weights(module, save(tmp_path / "w.pt", weights))
    assert sentence == "w.pt: 2 of 4 tensors"
    assert notes == (
        "0.bias: not in w.pt, so left as the file makes them",
        "head.bias: in w.pt, and not in the network",
        "2.weight is 2×4 in the network and 5×4 in w.pt; left as it was",
    )
    after = module.state_dict()
    assert torch.equal(after["0.bias"], before["0.bias"]) and torch.equal(
        after["2.weight"], before["2.weight"]
    )
    assert (after["0.weight"] == 1).all()


def test_wrappings_are_taken_off(tmp_path):
    wrapped = {"epoch": 3, "state_dict": {f"module.{name}": tensor for name, tensor in ones().items()}}
    sentence, notes = load_weights(net(), save(tmp_path / "w.pt", wrapped))
    assert sentence == "w.pt: 4 of 4 tensors, without the prefix 'module.'" and notes == ()


def test_a_network_of_shapes_alone_gets_its_values(tmp_path):
    with torch.device("meta"):
        module = net()
    load_weights(module, save(tmp_path / "w.pt", ones()))
    assert not any(parameter.is_meta for parameter in module.parameters())
    assert module(torch.ones(1, 3)).shape == (1, 2)


@pytest.mark.parametrize(
    "content, words",
    [
        (None, "there is no file"),
        ("text", "cannot be loaded as weights alone"),
        ({"epoch": 3}, "no named tensors"),
        (torch.ones(3), "no named tensors"),
        ({"0.weigth": torch.ones(4, 3)}, "did you mean 0.weight"),
        ({"0.weight": torch.ones(9, 9)}, "0.weight is 4×3 in the network and 9×9"),
        (net(), "cannot be loaded as weights alone"),
    ],
)
def test_bad_weights_say_what_would_be_right(tmp_path, content, words):
    path = tmp_path / "w.pt"
    if isinstance(content, str):
        path.write_text(content)
    elif content is not None:
        torch.save(content, path)
    with pytest.raises(InputError) as raised:
        load_weights(net(), path)
    assert words in str(raised.value) and "\n" not in str(raised.value)
