"""Runs `check` on models that are right and lists what it says: no error and no warning is the bar.

    python bench/quiet.py [--sources] [--torchvision] [--timm N] [--large] [--transformers N] [--part K/M] [--skip N] [name ...]

Without options: all of them, 60 of timm and 60 architectures of transformers. Of timm those that take pictures of up to 260, with
`--large` the others. `--part 1/2` and `--part 2/2` share the networks between two processes, `--skip` leaves out the first of
a part: each says how far it is on stderr. `--sources` are the files of torchvision's models as a
user's own, so that what is read from the source is looked at as well.
"""

from __future__ import annotations

import contextlib
import io
import logging
import multiprocessing
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from nnwhy.api.examination import Examination
from nnwhy.checks.basis.registry import all_checks
from nnwhy.errors import NnwhyError
from nnwhy.facts.finding import Finding
from nnwhy.trace.inputs import parse_inputs

LIMIT = 300
"""Seconds for one network."""


def main(arguments: list[str]) -> None:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    names = [a for a in arguments if not a.startswith("--") and not a.isdigit()]
    if not {"--sources", "--torchvision", "--timm", "--transformers"} & {*arguments}:
        arguments = ["--sources", "--torchvision", "--timm", "60", "--transformers", "60", *arguments]
    programs: list[tuple[str, str, tuple[str, ...]]] = []
    if "--sources" in arguments:
        programs += _sources()
    if "--torchvision" in arguments:
        programs += _torchvision()
    if "--timm" in arguments:
        programs += _timm(int(arguments[arguments.index("--timm") + 1]), large="--large" in arguments)
    if "--transformers" in arguments:
        programs += _transformers(int(arguments[arguments.index("--transformers") + 1]))
    if "--part" in arguments:
        part, parts = (int(word) for word in arguments[arguments.index("--part") + 1].split("/"))
        programs = programs[part - 1 :: parts]
        names = [name for name in names if "/" not in name]
    skipped = int(arguments[arguments.index("--skip") + 1]) if "--skip" in arguments else 0
    loud = looked = 0
    notes: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, source, inputs) in enumerate(programs[skipped:], skipped):
            if number % 10 == 0:
                print(f"# {number} of {len(programs)}", file=sys.stderr, flush=True)
            if names and not any(part in name for part in names):
                continue
            path = Path(folder) / f"{''.join(c if c.isalnum() else '_' for c in name)}.py"
            path.write_text(source)
            start = time.perf_counter()
            found = _apart(path, inputs)
            if isinstance(found, str):
                print(f"{name}: not looked at: {found[:120]}", flush=True)
                continue
            looked += 1
            for finding in found:
                if finding.severity == "note":
                    notes[finding.check] = notes.get(finding.check, 0) + 1
                    if "broke" not in finding.title:
                        continue
                loud += 1
                where = f"{Path(finding.place.path).name}:{finding.place.line}" if finding.place else "?"
                print(
                    f"{name}: {finding.severity} {where} {finding.check}: {finding.sentence}"[:260],
                    flush=True,
                )
            seconds = time.perf_counter() - start
            if seconds > 20:
                print(f"{name}: {seconds:.0f} s", flush=True)
    print(f"{looked} networks, {loud} findings; notes: {notes}")


def _apart(path: Path, inputs: tuple[str, ...]) -> list[Finding] | str:
    """What is said of one network, in a process of its own, so that its memory is given back; else why it was not looked at."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    worker = multiprocessing.get_context("fork").Process(target=_send, args=(theirs, path, inputs))
    worker.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(LIMIT) else f"more than {LIMIT} s"
    except EOFError:
        return "the process died"
    finally:
        worker.kill()
        worker.join()


def _send(pipe: Connection, path: Path, inputs: tuple[str, ...]) -> None:
    examination = Examination(f"{path}:net", None, parse_inputs(inputs), tuple(all_checks().values()))
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            found: list[Finding] | str = examination.examine()
    except NnwhyError as error:
        found = str(error)
    pipe.send(found)


def _sources() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    from planted import SOURCES, source

    for name, networks in SOURCES.items():
        for number, (maker, side) in enumerate(networks):
            yield f"{name}_{number}", f"{source(name)}\n\nnet = {maker}\n", (f"2,3,{side},{side}",)


def _torchvision() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    import torchvision.models as zoo

    for name in zoo.list_models(module=zoo):
        side = (
            299
            if name == "inception_v3"
            else 64
            if name.startswith(("resn", "dense", "mobile", "shuffle", "mnas", "reg", "wide"))
            else 224
        )
        if name.endswith(("_h_14", "_l_16", "_l_32", "y_128gf", "_32gf")):
            continue
        source = f"import torchvision.models as zoo\nnet = zoo.get_model({name!r}, weights=None)\n"
        yield name, source, (f"2,3,{side},{side}",)


def _timm(count: int, *, large: bool) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    import timm

    names = timm.list_models()
    step = max(len(names) // count, 1)
    for name in names[::step]:
        try:
            size = timm.get_pretrained_cfg(name).input_size
        except Exception:
            continue
        if (max(size) > 260) is not large:
            continue
        yield (
            name,
            f"import timm\nnet = timm.create_model({name!r}, pretrained=False)\n",
            (f"2,{','.join(map(str, size))}",),
        )


def _transformers(count: int) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    small = "hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, vocab_size=99"
    other = {
        "gpt2": "n_embd=32, n_layer=2, n_head=4, vocab_size=99", "gptj": "n_embd=32, n_layer=2, n_head=4, vocab_size=99, rotary_dim=4",
        "distilbert": "dim=32, n_layers=2, n_heads=4, hidden_dim=64, vocab_size=99", "ctrl": "n_embd=32, n_layer=2, n_head=4, dff=64, vocab_size=99",
        "xlm": "emb_dim=32, n_layers=2, n_heads=4, n_words=99", "openai-gpt": "n_embd=32, n_layer=2, n_head=4, vocab_size=99",
        "codegen": "n_embd=32, n_layer=2, n_head=4, vocab_size=99, rotary_dim=4", "gpt_bigcode": "n_embd=32, n_layer=2, n_head=4, vocab_size=99",
        "bloom": "hidden_size=32, n_layer=2, n_head=4, vocab_size=99", "mpt": "d_model=32, n_layers=2, n_heads=4, vocab_size=99",
    }  # fmt: skip
    plain = [
        "bert",
        "roberta",
        "electra",
        "albert",
        "mobilebert",
        "deberta",
        "deberta-v2",
        "camembert",
        "xlm-roberta",
        "ernie",
        "layoutlm",
        "megatron-bert",
        "rembert",
        "roformer",
        "squeezebert",
        "splinter",
        "mpnet",
        "convbert",
        "fnet",
        "ibert",
        "data2vec-text",
        "big_bird",
        "nystromformer",
        "yoso",
        "mra",
        "biogpt",
        "opt",
        "gpt_neox",
        "gpt_neox_japanese",
        "llama",
        "mistral",
        "phi",
        "qwen2",
        "gemma",
        "stablelm",
        "starcoder2",
        "olmo",
        "cohere",
        "granite",
        "persimmon",
        "falcon",
        "mixtral",
        "qwen2_moe",
        "phi3",
        "gemma2",
        "olmo2",
        "nemotron",
        "glm",
    ]
    pairs = {
        "mistral",
        "qwen2",
        "gemma",
        "stablelm",
        "mixtral",
        "qwen2_moe",
        "gemma2",
        "cohere",
        "granite",
        "starcoder2",
        "olmo2",
    }
    for kind in [*plain, *other][:count] if count < len(plain) else [*plain, *other]:
        arguments = other.get(kind, small)
        if kind in pairs | {"phi3", "nemotron", "glm"}:
            arguments += ", num_key_value_heads=2, head_dim=8, pad_token_id=0"
        if kind == "squeezebert":
            arguments += ", embedding_size=32"
        source = f"from transformers import AutoConfig, AutoModel\nnet = AutoModel.from_config(AutoConfig.for_model({kind!r}, {arguments}))\n"
        yield kind, source, ("2,9:int64",)


if __name__ == "__main__":
    main(sys.argv[1:])
