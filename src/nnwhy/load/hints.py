"""What a file says about its network's input: calls with made-up tensors, annotations, comments. Read, not run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nnwhy.facts.contract import InputSpec
from nnwhy.load.literal import Unreadable, read
from nnwhy.load.made_tensors import CONVERTED, SAME, last_name, sizes_of, spec_of
from nnwhy.load.reading import Assignments, FileNames, scopes


@dataclass(frozen=True, slots=True)
class InputHint:
    """`specs` as the file has them, one an argument, with the parameter's name where it is known; `source` is the text
    and line that say so; `certain` for a call, which shows all arguments, against a comment, which may mean anything."""

    specs: tuple[InputSpec, ...]
    source: str
    line: int
    certain: bool


def hints_in(
    tree: ast.Module, text: str, cls: str, name: str, values: Mapping[str, Any], names: FileNames
) -> tuple[InputHint, ...]:
    """The hints for the class `cls`, made by or held in `name`: calls first, then annotations, then comments."""
    makers = {name}
    if cls in names.classes:  # any two networks of a file may both be an nn.Sequential
        makers |= {cls, *(maker for maker, node in names.makers.items() if cls in ast.unparse(node))}
    found = list(_calls(tree, makers, {name}, values))
    node = names.classes.get(cls)
    forward = _forward(node) if node is not None else None
    if forward is not None and node is not None:
        found += _annotations(forward)
        found += _comments(node, forward, text)
    return tuple(found)


_WITH_EXAMPLE = {"export", "trace", "add_graph", "profile", "make_dot"}
_SUMMARIES = {"summary"}


def _calls(
    tree: ast.Module, makers: set[str], instances: set[str], values: Mapping[str, Any]
) -> Iterator[InputHint]:
    """The calls of variables that hold the network, with the specs of their arguments."""
    unbatched = any(
        isinstance(node, ast.ImportFrom) and node.module == "torchsummary" for node in ast.walk(tree)
    )
    for call, before in scopes(tree):
        holders = instances | {variable for variable, value in before if _makes(value, makers)}
        shown = _shown_input(call, holders, makers)
        if shown is None:
            continue
        known = _known(before, values)
        specs: list[InputSpec] = []
        for keyword, argument in shown:
            spec = spec_of(argument, before, known, 0)
            if spec is None and last_name(call.func) in _SUMMARIES:
                spec = sizes_of(argument, known)
                if spec is not None and unbatched:
                    spec = replace(spec, sizes=("N", *spec.sizes))
            if spec is None:
                break
            specs.append(replace(spec, name=keyword))
        else:
            if specs:
                yield InputHint(tuple(specs), ast.unparse(call), call.lineno, True)


def _shown_input(call: ast.Call, holders: set[str], makers: set[str]) -> list[tuple[str, ast.expr]] | None:
    """The arguments that go into the network, by keyword ("" for positional); None where this is no call of it."""
    function = call.func
    holds = isinstance(function, ast.Name) and function.id in holders
    if holds and isinstance(function, ast.Name) and function.id in makers and function.id[:1].isupper():
        holds = False  # that is the construction itself
    if (
        holds
        or _makes(function, makers)
        or (
            isinstance(function, ast.Attribute)
            and function.attr == "forward"
            and isinstance(function.value, ast.Name)
            and function.value.id in holders
        )
    ):
        return [("", part) for part in call.args] + [(k.arg, k.value) for k in call.keywords if k.arg]
    last = last_name(function)
    if (
        last in _WITH_EXAMPLE | _SUMMARIES
        and call.args
        and isinstance(call.args[0], ast.Name)
        and call.args[0].id in holders
    ):
        by_name = [
            k.value
            for k in call.keywords
            if k.arg in ("input_size", "input_data", "inputs", "args", "example_inputs", "input_to_model")
        ]
        given = [*call.args[1:2], *by_name][:1]
        if given and isinstance(given[0], ast.Tuple) and last in _WITH_EXAMPLE:
            return [("", part) for part in given[0].elts]
        return [("", part) for part in given] or None
    return None


def _makes(node: ast.expr, makers: set[str]) -> bool:
    """`Net(...)`, also behind `.to(device)`, `.eval()` and their like."""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and node.func.attr in (
        SAME | {"eval", "train", "apply"} | set(CONVERTED)
    ):
        return _makes(node.func.value, makers)
    return last_name(node.func) in makers


def _known(before: Assignments, values: Mapping[str, Any]) -> dict[str, Any]:
    known = dict(values)
    for name, value in before:
        try:
            known[name] = read(value, known)
        except Unreadable:
            continue
    return known


def _forward(node: ast.ClassDef) -> ast.FunctionDef | None:
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name == "forward":
            return part
    return None


_DTYPES = {"Float": "float32", "Float32": "float32", "Float64": "float64", "Int": "int64", "Int64": "int64", "Int32": "int32",
           "Bool": "bool", "Integer": "int64", "Shaped": "float32", "Num": "float32", "Real": "float32"}  # fmt: skip


def _annotations(forward: ast.FunctionDef) -> Iterator[InputHint]:
    """`Float[Tensor, "batch 3 height width"]`, as jaxtyping writes it."""
    specs: list[InputSpec] = []
    for argument in _parameters(forward):
        node = argument.annotation
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value, mode="eval").body
            except SyntaxError:
                node = None
        if not (
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Tuple)
            and len(node.slice.elts) == 2
        ):
            continue
        words = node.slice.elts[1]
        if isinstance(words, ast.Constant) and isinstance(words.value, str):
            sizes = tuple(_word(word) for word in words.value.split())
            if "..." not in sizes and not any(
                isinstance(size, str) and size.startswith("*") for size in sizes
            ):
                specs.append(InputSpec(sizes, _DTYPES.get(last_name(node.value), "float32"), argument.arg))
    if specs:
        yield InputHint(
            tuple(specs), f"the annotation of {', '.join(spec.name for spec in specs)}", forward.lineno, False
        )


_SHAPE = re.compile(
    r"(?:(\w+)\s*(?::|is|=|has shape|of shape|-)?\s*)?[(\[]\s*((?:\w+\s*[,x×]\s*)+\w+)\s*,?\s*[)\]]"
)


def _comments(node: ast.ClassDef, forward: ast.FunctionDef, text: str) -> Iterator[InputHint]:
    """Shapes such as "(N, 3, H, W)" in forward's docstring and in the comments before its first statement."""
    lines = text.split("\n")
    parameters = [argument.arg for argument in _parameters(forward)]
    first = forward.body[0]
    described = ast.get_docstring(forward) or ast.get_docstring(node) or ""
    docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = (first.end_lineno or first.lineno) if docstring else forward.lineno - 1
    following = forward.body[1] if docstring and len(forward.body) > 1 else first
    spoken = [(forward.lineno, line) for line in described.split("\n")]
    for number in range(min(start, len(lines)), min(following.lineno, len(lines))):
        line = lines[number]
        own = line.strip().startswith("#") or number == forward.lineno - 1
        if "#" in line and own:
            spoken.append((number + 1, line.partition("#")[2]))
    seen: set[str] = set()
    for number, line in spoken:
        if re.search(r"\b(returns?|outputs?|out|->|→)\b|->|→", line, re.IGNORECASE):
            line = re.split(r"\b(?:returns?|outputs?|out)\b|->|→", line, flags=re.IGNORECASE)[0]
        for match in _SHAPE.finditer(line):
            word = match[1] or ""
            name = word if word in parameters else parameters[0] if len(parameters) == 1 else ""
            sizes = tuple(_word(part.strip()) for part in re.split(r"[,x×]", match[2]))
            if name and name not in seen and len(sizes) <= 5 and _plausible(sizes):
                seen.add(name)
                yield InputHint((InputSpec(sizes, "", name),), f"the comment {line.strip()!r}", number, False)


_FIRST = re.compile(
    r"[NBTLSC]|[nbtlsc]|bs|bsz|(mini)?_?batch\w*|seq\w*|num_\w+|n_\w+|time\w*|len\w*|chan\w*", re.IGNORECASE
)


def _plausible(sizes: tuple[int | str, ...]) -> bool:
    """Whether a bracket begins as shapes do: with the batch, a length, channels, or a number. Most brackets are no shapes."""
    first = sizes[0]
    return isinstance(first, int) or _FIRST.fullmatch(first) is not None


def _parameters(forward: ast.FunctionDef) -> list[ast.arg]:
    return [*forward.args.posonlyargs, *forward.args.args, *forward.args.kwonlyargs][1:]


def _word(word: str) -> int | str:
    return int(word) if word.isdigit() else word
