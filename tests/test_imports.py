"""What may be loaded by what. A second test shows that the first can fail."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "numpy", "rich", "click", "jinja2")


def loaded_by(statement: str) -> set[str]:
    """The heavy libraries that a fresh Python has loaded after `statement`."""
    script = f"{statement}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement, allowed",
    [
        ("import nnwhy", set()),
        ("import nnwhy.errors", set()),
        ("import nnwhy.facts.codec; nnwhy.facts.codec.fact_types()", set()),
        ("import nnwhy.isolate", set()),
        ("import nnwhy.layers; nnwhy.layers.card('Dropout2d')", set()),
        ("import nnwhy.faces.cli", {"click"}),
        ("import nnwhy.faces.commands.layer", {"click", "rich"}),
        ("import nnwhy.faces.commands.why", {"click"}),
    ],
)
def test_nothing_heavy_is_loaded(statement, allowed):
    assert loaded_by(statement) <= allowed


def test_the_test_above_can_fail():
    assert "numpy" in loaded_by("import numpy")
