"""What the user points at, as its parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnwhy.errors import TargetError
from nnwhy.load import Target, find_targets, parse_target


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("net.py", Target("net.py", "", "", None)),
        ("net.py:Net", Target("net.py", "", "Net", None)),
        ("deep/net.py:make.net", Target("deep/net.py", "", "make.net", None)),
        ("package.module:Net", Target("", "package.module", "Net", None)),
        ("package.module", Target("", "package.module", "", None)),
        ("net.py:Net()", Target("net.py", "", "Net", "")),
        ('net.py:Net(10, name="a:b(c)")', Target("net.py", "", "Net", '10, name="a:b(c)"')),
        (r"C:\nets\net.py", Target(r"C:\nets\net.py", "", "", None)),
        (r"C:\nets\net.py:Net(2)", Target(r"C:\nets\net.py", "", "Net", "2")),
        ("notes.ipynb:Net", Target("notes.ipynb", "", "Net", None)),
    ],
)
def test_each_form_is_taken_apart(text: str, expected: Target) -> None:
    assert parse_target(text) == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "no network was named"),
        (":Net", "names no file"),
        ("net.py:Net(2", "does not close it"),
        ("net.py:2x", "is no name"),
        ("what is this", "is no file and no module"),
    ],
)
def test_what_is_no_target_is_refused_in_one_line(text: str, part: str) -> None:
    with pytest.raises(TargetError) as raised:
        parse_target(text)
    assert part in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_with_a_colon_in_its_name_is_still_found(tmp_path: Path) -> None:
    path = tmp_path / "odd:name.py"
    path.write_text("")
    assert parse_target(str(path)) == Target(str(path), "", "", None)


def test_the_networks_of_a_folder_are_found_without_running_it(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(
        "raise SystemExit\nfrom torch import nn\nclass Part(nn.Module): ...\nclass Whole(nn.Module):\n    part = Part()\n"
    )
    (tmp_path / "two.py").write_text("class NoNet: ...\n")
    hidden = tmp_path / ".venv"
    hidden.mkdir()
    (hidden / "three.py").write_text("from torch import nn\nclass Other(nn.Module): ...\n")
    assert find_targets(tmp_path) == (f"{tmp_path / 'one.py'}:Whole",)
