"""Where a constructor's arguments come from, and what is said when nobody gives them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnwhy.errors import TargetError, UserCodeError
from nnwhy.load import load
from nnwhy.load.literal import Unreadable, read

NET = """
from torch import nn

WIDTH = 3

class Net(nn.Module):
    def __init__(self, width, act=nn.ReLU):
        super().__init__()
        self.width, self.act = width, act
        self.fc = nn.Linear(width, 2)

    def forward(self, x):
        return self.fc(x)
"""


@pytest.fixture(autouse=True)
def own_modules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def written(text: str, name: str = "user_net.py") -> str:
    Path(name).write_text(text)
    return name


def test_the_target_comes_before_everything_else() -> None:
    target = written(NET + "\nif __name__ == '__main__':\n    Net(7)\n")
    assert load(f"{target}:Net(5)").module.width == 5
    assert load(f"{target}:Net(WIDTH, act=nn.GELU)").module.act.__name__ == "GELU"


def test_init_is_text_or_a_mapping() -> None:
    target = written(NET)
    assert load(target, init="width=4").module.width == 4
    assert load(target, init={"width": 6}).module.width == 6


def test_settings_come_before_the_files_own_construction() -> None:
    target = written(NET + "\ndef main():\n    net = Net(7)\n")
    assert load(target).how.startswith("built as in user_net.py:")
    Path("pyproject.toml").write_text("[tool.nnwhy.init.Net]\nwidth = 9\n")
    loaded = load(target)
    assert loaded.module.width == 9
    assert "pyproject.toml" in loaded.how


def test_the_files_construction_is_read_with_the_names_before_it() -> None:
    target = written(
        NET + "\ndef main(extra=2):\n    a, b = WIDTH, 4\n    total = a * b + extra\n    return Net(total)\n"
    )
    assert load(target).module.width == 14


def test_a_construction_that_cannot_be_read_is_passed_over() -> None:
    target = written(NET + "\ndef main(data):\n    Net(len(data[0]))\n    Net(width=11)\n")
    assert load(target).module.width == 11


def test_what_is_missing_is_listed_with_the_ways_to_give_it() -> None:
    with pytest.raises(TargetError) as raised:
        load(written(NET))
    for part in ("Net needs width", '"user_net.py:Net(width=...)"', "--init", "[tool.nnwhy.init.Net]"):
        assert part in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [("depth=3", "unexpected keyword argument 'depth'"), ("widht=3", "did you mean width?"),
     ("width=unheard", "unheard"), ("3 +", "no list of arguments"), ("__import__('os').getcwd()", "__import__")],
)  # fmt: skip
def test_wrong_arguments_are_told_in_one_line(arguments: str, part: str) -> None:
    with pytest.raises(TargetError) as raised:
        load(f"{written(NET)}:Net({arguments})")
    assert part in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_instance_takes_no_arguments() -> None:
    with pytest.raises(TargetError, match="is already built"):
        load(f"{written(NET + 'net = Net(3)')}:net", init="width=4")


def test_what_gives_no_network_is_refused() -> None:
    target = written(NET + "\ndef give():\n    return 3\n\nvalue = 4\n")
    with pytest.raises(TargetError, match="gives int, and not a network"):
        load(f"{target}:give")
    with pytest.raises(TargetError, match=r"value in user_net\.py is an int"):
        load(f"{target}:value")


def test_losses_are_no_choice_beside_a_network() -> None:
    loss = "\nclass Dice(nn.Module):\n    def forward(self, a, b):\n        return (a * b).sum()\n"
    assert load(written(NET.replace("self, width, act", "self, width=3, act") + loss)).name == "Net"


def test_a_module_by_name_and_its_nearest_name() -> None:
    written(NET + "net = Net(2)\n", "my_networks.py")
    assert load("my_networks:net").module.width == 2
    with pytest.raises(TargetError, match="did you mean my_networks"):
        load("my_network:net")


def test_a_file_named_like_a_library_does_not_hide_it() -> None:
    assert (
        load(
            written("import random\n" + NET + "net = Net(2)\nassert random.random\n", "json.py")
        ).module.width
        == 2
    )


def test_a_failing_import_of_the_users_own_module_names_the_line() -> None:
    written("x = 1 / 0\n", "user_part.py")
    with pytest.raises(UserCodeError, match=r"ZeroDivisionError at user_part\.py:1"):
        load(written("import user_part\n" + NET))


@pytest.mark.parametrize(
    ("text", "value"),
    [("(1, [2, 3], {'a': -4})", (1, [2, 3], {"a": -4})), ("2 ** 3 + 7 // 2", 11), ("sizes[1]", 5), ("list(range(3))", [0, 1, 2]),
     ("4 if flag else 5", 4)],
)  # fmt: skip
def test_expressions_are_read(text: str, value: object) -> None:
    assert read(ast.parse(text, mode="eval").body, {"sizes": (4, 5), "flag": True}) == value


@pytest.mark.parametrize(
    "text", ["open('x')", "9 ** 9 ** 9", "[x for x in y]", "name", "(lambda: 3)()", "print(1)"]
)
def test_nothing_is_run_by_reading(text: str) -> None:
    with pytest.raises(Unreadable):
        read(ast.parse(text, mode="eval").body, {})
