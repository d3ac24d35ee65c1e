"""A contract says which inputs run, who asks for it and where, and holds at its borders."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

import networks_of_contracts as networks
from nnwhy.errors import InputError
from nnwhy.examples.recipe import Net as Recipe
from nnwhy.facts.contract import Condition, Contract
from nnwhy.report.contract import contract_text
from nnwhy.trace import watching_constructions
from nnwhy.trace.inputs import parse_inputs, written
from nnwhy.why.contract import contract, examined
from nnwhy.why.export import export


def contract_of(make: Callable[[], nn.Module], *inputs: str) -> Contract:
    with watching_constructions() as constructions:
        module = make()
    return contract(module, parse_inputs(inputs) if inputs else None, constructions=constructions)


def condition(found: Contract, part: str) -> Condition:
    """The one condition whose text has `part` in it."""
    (made,) = [c for c in found.conditions if part in c.text]
    return made


def inputs_of(found: Contract) -> list[str]:
    return [written(spec) for spec in found.inputs]


def test_the_recipe() -> None:
    found = contract_of(Recipe)
    assert inputs_of(found) == ["x=N,1,H,W"]
    assert [c.text for c in found.conditions] == [
        "N: any, from 1",
        "channels = 1",
        "⌊(H − 4)/2⌋·⌊(W − 4)/2⌋ = 144",
    ]
    fc1 = condition(found, "144")
    assert fc1.cause == "fc1"
    assert fc1.place is not None and "9216" in _line(fc1.place.path, fc1.place.line)
    assert fc1.examples == ("28×28", "29×29", "20×40", "12×76", "8×148")
    assert found.tested > 8
    assert found.unknown == ()


def _line(path: str, number: int) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()[number - 1]


@pytest.mark.filterwarnings("ignore:dropout2d")  # the recipe's own mistake
@pytest.mark.parametrize("size", [(28, 28), (29, 29), (20, 40), (12, 76), (8, 148)])
def test_the_examples_of_the_recipe_run(size: tuple[int, int]) -> None:
    assert Recipe().eval()(torch.ones(2, 1, *size)).shape == (2, 10)


def test_skip_connections_ask_for_multiples() -> None:
    found = contract_of(networks.UNet)
    assert inputs_of(found) == ["x=N,1,H,W"]
    joined = condition(found, "multiples")
    assert joined.text == "H and W are multiples of 16"
    assert "torch.cat" in joined.cause
    assert joined.place is not None and "torch.cat" in _line(joined.place.path, joined.place.line)


def test_a_table_of_positions_limits_the_length() -> None:
    found = contract_of(networks.Positions)
    assert inputs_of(found) == ["ids=N,L:int64"]
    assert condition(found, "L ≤ 512").cause == "positions"
    assert condition(found, "ids").text == "ids: whole numbers from 0 to 999"


def test_a_stored_table_limits_the_length_too() -> None:
    assert condition(contract_of(networks.StoredPositions), "L ≤ 40").cause


def test_a_kernel_asks_for_room() -> None:
    found = contract_of(networks.Kernel)
    assert condition(found, "L ≥ 5").cause == "conv"


def test_normalisation_in_training_asks_for_two_samples() -> None:
    assert condition(contract_of(networks.Normed), "N: any").text == "N: any, from 1; from 2 in training"
    assert condition(contract_of(lambda: networks.Normed().eval()), "N: any").text == "N: any, from 1"


def test_modes_are_as_they_were() -> None:
    module = networks.Normed()
    module.norm.eval()
    contract(module)
    assert module.training and not module.norm.training


def test_checks_in_the_users_python_are_conditions() -> None:
    found = contract_of(networks.Guarded)
    assert inputs_of(found) == ["x=N,3,48,48"]
    assert condition(found, "height").text == "height = 48"


def test_a_branch_on_a_size_is_no_condition() -> None:
    assert inputs_of(contract_of(networks.Branching)) == ["x=N,3,H,W"]
    assert not [c for c in contract_of(networks.Branching).conditions if "H" in c.letters]


def test_a_limit_that_no_formula_tells_is_found_by_passes() -> None:
    assert condition(contract_of(networks.Secret), "L ≤ 100").letters == ("L",)


def test_two_inputs_with_one_batch_share_its_letter() -> None:
    assert inputs_of(contract_of(networks.Pair)) == ["image=N,3,H,W", "table=N,12"]


def test_a_view_that_would_mix_samples_is_no_way_out() -> None:
    found = contract_of(networks.View)
    assert [c.text for c in found.conditions if len(c.letters) == 2] == ["⌊(H − 12)/4⌋·⌊(W − 12)/4⌋ = 25"]


def test_sizes_with_a_product_are_written_as_one() -> None:
    found = contract_of(networks.Oblong)
    assert condition(found, "1575").text == "(H − 2)·(W − 2) = 1575"
    assert condition(found, "1575").examples[0] == "37×47"


def test_what_never_runs_has_no_contract() -> None:
    with pytest.raises(InputError, match="fails in line"):
        contract_of(networks.Broken)


def test_the_given_input_is_where_it_begins() -> None:
    assert inputs_of(contract_of(Recipe, "N,1,29,29")) == ["x=N,1,H,W"]
    with pytest.raises(InputError):
        contract_of(Recipe, "N,2,29,29")


@pytest.mark.parametrize(
    "name", [name for name, cls in vars(networks).items() if inspect.isclass(cls) and issubclass(cls, nn.Module) and name != "Broken"]
)  # fmt: skip
def test_every_contract_holds_at_its_borders(name: str) -> None:
    """Each example runs on the module itself, without our recorder."""
    module: Any = getattr(networks, name)()
    for made in contract(module).conditions:
        for example in made.examples:
            height, width = map(int, example.split("×"))
            channels = next(p for p in module.parameters() if p.dim() == 4).shape[1]
            module(torch.zeros(2, channels, height, width))


def test_the_export_is_tried() -> None:
    found = export(examined(networks.UNet()))
    assert found.exported, found.export_says
    assert "H = 16 * _H" in found.dynamic_shapes
    assert '"x": {0: N, 2: H, 3: W},' in found.dynamic_shapes
    names: dict[str, Any] = {}
    exec(found.dynamic_shapes, names)
    torch.export.export(networks.UNet(), (torch.ones(2, 1, 64, 64),), dynamic_shapes=names["dynamic_shapes"])


def test_what_torch_refuses_is_told() -> None:
    found = export(examined(networks.Untraceable()))
    assert not found.exported
    assert found.export_says


def test_the_annotation_is_tried() -> None:
    pytest.importorskip("jaxtyping")
    found = export(examined(Recipe()))
    assert found.annotated
    assert found.annotation.splitlines()[-1] == 'def forward(self, x: Float32[Tensor, "N 1 H W"]): ...'
    compile(found.annotation, "annotation", "exec")


def test_the_text_has_each_condition_with_its_cause() -> None:
    lines = [line.plain for line in contract_text(contract_of(Recipe), 80, name="Net")]
    assert lines[0] == "Net takes x (N, 1, H, W) float32"
    assert lines[3].startswith("  H, W: ⌊(H − 4)/2⌋·⌊(W − 4)/2⌋ = 144   fc1")
    assert lines[4].strip() == "such as 28×28, 29×29, 20×40, 12×76, 8×148"
    assert all(len(line) <= 80 for line in lines)
