"""Numbers of two kinds meet in one call, or a layer gets a kind that it does not take.

## What it finds
float64 data in a float32 network (NumPy's default), whole numbers where a layer multiplies (images as uint8), and tokens
that are not whole numbers before an embedding.

## Why it matters
The pass stops there, and torch complains about the kind before it looks at the shapes.

## Example
    x = torch.from_numpy(array)         # float64

## Use instead
    x = torch.from_numpy(array).float()

## When it is fine
Never: the call raises. `# nnwhy: ignore[dtype-mismatch]` silences it.

## References
- https://docs.pytorch.org/docs/stable/tensor_attributes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import before, bracketed, indentation, labelled
from nnwhy.checks.basis.inserting import fed_otherwise, in_front
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.odd_kind import brought_over, met, source_of
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.contract import InputSpec
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Tensor
from nnwhy.facts.value import tensors_in

_WEIGHTED = (
    "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "batch_norm",
    "layer_norm", "group_norm", "matmul", "bmm", "mm", "lstm", "gru", "multi_head_attention_forward", "embedding", "bilinear",
    "baddbmm", "addmm", "rnn_tanh", "rnn_relu",
)  # fmt: skip
_PARTS = (
    "__getitem__",
    "select",
    "unbind",
    "chunk",
    "split",
    "squeeze",
    "unsqueeze",
    "view",
    "reshape",
    "T",
    "t",
)
_CONVERSIONS = ("to", "type", "type_as", "float", "double", "half", "bfloat16", "long", "int")
_METHOD = {"float32": ".float()", "float64": ".double()", "float16": ".half()", "bfloat16": ".bfloat16()"}


@check(
    name="dtype-mismatch",
    severity="error",
    summary="Numbers of two kinds meet in one call.",
    title="{layer} takes {expected} and gets {actual}",
)
def dtype_mismatch(subject: Subject) -> Iterator[Finding]:
    told: set[tuple[Place | None, str, str]] = set()
    wrong: set[int] = set()
    for call, _ in subject.failed(*_WEIGHTED):
        found = _pair(subject, call)
        if found is None:
            continue
        x, wanted = found
        kinds = (subject.user_call(call).place, x.dtype, wanted)
        follows = _follows(subject, x, wrong)
        wrong |= set(call.outputs)
        if kinds in told or follows:  # what the first of them makes goes on in the wrong kind
            continue
        told.add(kinds)
        module = subject.layer(call)
        method = ".long()" if wanted == "int64" else _METHOD.get(wanted, f".to(torch.{wanted})")
        came = met(subject, x, wanted)
        origin = source_of(subject, came[1]) if came is not None else None
        means = f"{x.dtype} becomes {wanted}"
        fixes = list(brought_over(subject, *came, method, origin, means)) if came and origin else []
        fixes += _fixes(subject, call, x, method, wanted)
        outer = subject.user_call(call).place
        yield Finding(
            check="dtype-mismatch",
            severity="error",
            place=fixes[0].edits[0].place if fixes else outer,
            values={"layer": shown_name(module, call.name), "expected": wanted, "actual": x.dtype},
            expected=wanted,
            actual=x.dtype,
            because=_because(subject, x, came, origin),
            fixes=tuple(fixes),
            also=(outer,) if outer else (),
            module=module.path if module else "",
            call=call.id,
        )


def _follows(subject: Subject, x: Tensor, wrong: set[int]) -> bool:
    """Whether a tensor was made from the result of a call that was told, with no change of its kind written in between."""
    waiting, seen = [x.id], {x.id}
    while waiting:
        tensor = waiting.pop()
        if tensor in wrong:
            return True
        maker = subject.maker(tensor)
        if maker is None or maker.name in _CONVERSIONS:
            continue
        assert subject.trace is not None
        fresh = {one for one in maker.inputs if subject.trace.tensors[one].dtype == x.dtype} - seen
        seen |= fresh
        waiting += fresh
    return False


def _because(
    subject: Subject, x: Tensor, came: tuple[Call, Tensor] | None, origin: Tensor | None
) -> tuple[str, ...]:
    if came is None or origin is None or origin.origin.kind not in ("buffer", "attribute"):
        return ("NumPy makes float64 by default",) if x.dtype == "float64" else ()
    call = subject.user_call(came[0])
    line = f" in line {call.place.line}" if call.place is not None else ""
    return (
        f"the {origin.origin.kind} {origin.origin.name} is {x.dtype}, and what it meets{line} becomes that too",
    )


def _pair(subject: Subject, call: Call) -> tuple[Tensor, str] | None:
    """The tensor of the wrong kind and the kind that is wanted."""
    if call.name == "embedding":
        ids = subject.argument(call, "input")
        return (ids, "int64") if ids is not None and ids.dtype not in ("int64", "int32") else None
    x = next((t for name in ("input", "query") if (t := subject.argument(call, name)) is not None), None)
    others = [
        tensor for value in call.arguments.values()
        if (tensor := subject.tensor(value)) is not None and tensor is not x and tensor.dtype.startswith(("float", "bfloat"))
    ]  # fmt: skip
    if x is None or not others or x.dtype == others[0].dtype:
        return None
    return x, others[0].dtype


def _fixes(subject: Subject, call: Call, x: Tensor, method: str, wanted: str) -> Iterator[Fix]:
    if x.origin.kind == "input":
        assert subject.trace is not None
        given = [t for t in subject.trace.tensors if t.origin.kind == "input"]
        specs = tuple(InputSpec(t.shape, wanted if t.id == x.id else t.dtype) for t in given)
        which = next((i for i, one in enumerate(subject.trace.inputs) if x.id in tensors_in(one.value)), 0)
        yield from fed_otherwise(
            subject,
            lambda text: bracketed(text) + method,
            specs,
            means=f"{x.dtype} becomes {wanted}",
            which=which,
        )
    maker = subject.maker(x.id)
    written = subject.source_call(maker.place) if maker is not None else None
    if (
        maker is not None
        and written is not None
        and maker.name in ("from_numpy", "tensor", "zeros", "ones", "arange", "rand", "randn", "one_hot")
    ):
        yield labelled(
            subject,
            [Edit(written.place, subject.text(written.place) + method)],
            means=f"{x.dtype} becomes {wanted}",
        )
    if wanted == "int64" and call.name == "embedding":
        yield from _all_ids(subject, x)
    tokens: tuple[InputSpec, ...] = ()
    if (
        wanted == "int64" and subject.trace is not None
    ):  # whole numbers written as floats: only such can be tokens
        tokens = tuple(
            InputSpec(t.shape, wanted if t.id == x.id else t.dtype)
            for t in subject.trace.tensors
            if t.origin.kind == "input"
        )
    for fix in in_front(subject, call, method, "", means=f"{x.dtype} becomes {wanted}"):
        yield Fix(fix.label, fix.edits, fix.means, fix.safe, None, tokens)


def _all_ids(subject: Subject, ids: Tensor) -> Iterator[Fix]:
    """An input of which every part is looked up in a table: `x = x.long()` as the first line of the forward that gets it."""
    tensor = ids
    while (maker := subject.maker(tensor.id)) is not None and maker.name in _PARTS and maker.inputs:
        assert subject.trace is not None
        tensor = subject.trace.tensors[maker.inputs[0]]
    if tensor.id == ids.id or tensor.origin.kind != "input" or not _only_looked_up(subject, tensor.id):
        return
    name = tensor.origin.name
    root = subject.modules.get("")
    forward = subject.functions.get(f"{root.type}.forward") if root is not None else None
    if forward is None or all(one.name != name for one in forward.parameters):
        return
    text = f"{name} = {name}.long()\n{indentation(subject.sources[forward.place.path], forward.first)}"
    specs = tuple(
        InputSpec(t.shape, "int64" if t.id == tensor.id else t.dtype)
        for t in (subject.trace.tensors if subject.trace is not None else ())
        if t.origin.kind == "input"
    )
    means = f"{name} holds nothing but numbers of rows"
    yield Fix(f"{name} = {name}.long()", (Edit(before(forward.first), text),), means, True, None, specs)


def _only_looked_up(subject: Subject, tensor: int) -> bool:
    todo, looked = [tensor], False
    while todo:
        for reader in subject.readers.get(todo.pop(), ()):
            if reader.name in _PARTS:
                todo += reader.outputs
            elif reader.name == "embedding":
                looked = True
            else:
                return False
    return looked


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(x.float())
        """,
        "3,4:float64",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)
                self.register_buffer("table", torch.ones(9, 4, dtype=torch.float64))

            def forward(self, x):
                return self.fc(x + self.table[: x.size(0)])
        """,
        "3,4",
        at="torch.ones",
        fixed='self.register_buffer("table", torch.ones(9, 4, dtype=torch.float64).float())',
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(x)
        """,
        "3,4:float64",
        at="x)",
        nth=1,
        fixed="return self.fc(x.float())",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(10, 4)

            def forward(self, ids):
                return self.embed(ids)
        """,
        "3,5",
        at="ids)",
        nth=1,
        fixed="return self.embed(ids.long())",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.users = nn.Embedding(10, 4)
                self.films = nn.Embedding(20, 4)

            def forward(self, pairs):
                user, film = pairs[:, 0], pairs[:, 1]
                return (self.users(user) * self.films(film)).sum(1)
        """,
        "5,2",
        at="user, film",
        fixed="pairs = pairs.long()",
    ),
)
