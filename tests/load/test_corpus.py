"""Every file of the corpus gets its answer, or its one clear message."""

from __future__ import annotations

import io
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nnwhy import isolate
from nnwhy.errors import NnwhyError
from nnwhy.facts.contract import Inference
from nnwhy.load import load
from nnwhy.trace import record, watching_constructions
from nnwhy.trace.inputs import make_inputs, written
from nnwhy.why.infer import infer_inputs

CORPUS = Path(__file__).parent.parent / "corpus"
pytestmark = pytest.mark.filterwarnings("default")  # what these files warn of is theirs
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((CORPUS / "expected.toml").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def as_in_the_folder(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Each file runs with the corpus as its working directory; the modules it brought are forgotten afterwards."""
    monkeypatch.chdir(CORPUS)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "argv", [""])
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if str(CORPUS) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def inferred(target: str) -> tuple[Any, Inference]:
    """The loaded network and what was found as its input."""
    with watching_constructions() as constructions:
        loaded = load(target)
    return loaded, infer_inputs(loaded.module, loaded.hints, constructions=constructions)


@pytest.mark.parametrize("target", EXPECTED["answers"])
def test_an_input_is_found_that_runs_and_its_reason_is_told(target: str) -> None:
    expected = EXPECTED["answers"][target]
    loaded, found = inferred(target)
    assert [written(spec) for spec in found.inputs] == expected["inputs"]
    assert expected["reason"] in found.reason
    assert found.fits
    args, kwargs, _ = make_inputs(found.inputs, loaded.module)
    trace = record(loaded.module, args, kwargs)
    assert trace.complete
    assert not trace.failures


@pytest.mark.parametrize("target", EXPECTED["misfits"])
def test_where_nothing_fits_the_nearest_sizes_are_told(target: str) -> None:
    expected = EXPECTED["misfits"][target]
    _, found = inferred(target)
    assert [written(spec) for spec in found.inputs] == expected["inputs"]
    assert found.reason == expected["reason"]
    assert not found.fits


@pytest.mark.parametrize("target", EXPECTED["messages"])
def test_what_cannot_be_loaded_gets_one_line(target: str) -> None:
    with pytest.raises(NnwhyError) as raised:
        inferred(target)
    assert EXPECTED["messages"][target] in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("target", EXPECTED["worker"])
def test_what_would_end_this_process_ends_only_the_worker(target: str) -> None:
    limits = isolate.Limits(seconds=6.0 if target == "hangs.py" else 40.0, memory_bytes=1 << 30)
    payload: dict[str, Any] = {"target": target, "init": "", "inputs": [], "unfold": False}
    outcome = isolate.run("nnwhy.api.targets:explain", payload, limits=limits, directory=CORPUS, warm=False)
    assert outcome.failure is not None
    assert EXPECTED["worker"][target] in str(isolate.error_of(outcome.failure, subject=target))


def test_other_sizes_that_fit_run_as_well() -> None:
    loaded, found = inferred("recipe.py")
    assert len(found.others) >= 3
    for other in found.others:
        args, kwargs, _ = make_inputs(other, loaded.module)
        assert not record(loaded.module, args, kwargs).failures, other


def test_a_network_of_405_billion_parameters_is_built_without_its_memory() -> None:
    loaded = load("huge.py")
    assert loaded.device == "meta"
    assert sum(parameter.numel() for parameter in loaded.module.parameters()) > 400_000_000_000
    real = sum(p.numel() * p.element_size() for p in loaded.module.parameters() if not p.is_meta)
    assert real < 300 * 2**20


def test_every_file_is_expected_to_give_something() -> None:
    told = {target.partition(":")[0] for group in EXPECTED.values() for target in group}
    files = {
        path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.suffix in (".py", ".ipynb")
    }
    helpers = {"package/__init__.py", "package/blocks.py", "siblings/layers.py"}
    assert files - helpers <= told
    assert len(files) >= 60
