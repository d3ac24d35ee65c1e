"""An attention layer whose width, heads, or masks do not fit.

## What it finds
`MultiheadAttention` and the Transformer layers whose `embed_dim` is not divisible by the number of heads, whose input has
another width, or whose masks have another shape.

## Why it matters
Each head works on embed_dim / num_heads features. The pass, or already the construction, stops there.

## Example
    nn.MultiheadAttention(100, 8)

## Use instead
    nn.MultiheadAttention(96, 8)        # or 4, 5, 10, 20 heads for 100 features

## When it is fine
Never: it raises. `# nnwhy: ignore[attention-shape]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import argument_written, labelled
from nnwhy.checks.basis.inserting import with_keyword
from nnwhy.checks.basis.mending import Demand, mended
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import module_setting
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.ways import ways_to_set_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Construction, Finding, Fix
from nnwhy.facts.trace import Call, Module

_HEADS = {
    "MultiheadAttention": ("embed_dim", 0, "num_heads", 1),
    "TransformerEncoderLayer": ("d_model", 0, "nhead", 1),
    "TransformerDecoderLayer": ("d_model", 0, "nhead", 1),
    "Transformer": ("d_model", 0, "nhead", 1),
}


@check(
    name="attention-shape",
    severity="error",
    summary="An attention layer whose width, heads or masks do not fit.",
    title="{layer} {problem}",
)
def attention_shape(subject: Subject) -> Iterator[Finding]:
    if subject.construction is not None:
        yield from _heads(subject, subject.construction)
    for call, _ in subject.failed("multi_head_attention_forward"):
        module = subject.layer(call)
        query = subject.argument(call, "query")
        width = integer(call.arguments.get("embed_dim_to_check"))
        if module is None or query is None or width is None or not query.shape:
            continue
        outer = subject.user_call(call).place
        if query.shape[-1] != width:
            axis = len(query.shape) - 1
            size = Size(query.id, axis, query.shape[axis])
            owner, name = _owner(subject, module)
            setting = module_setting(subject, owner, name)
            yield Finding(
                check="attention-shape",
                severity="error",
                place=setting.place or outer,
                values={
                    "layer": owner.path or owner.type,
                    "problem": f"is built for {width} features and gets {size.value}",
                },
                derivations=(subject.derivations.of(size.tensor, axis),),
                fixes=tuple(mended(subject, Demand(setting, size, width))),
                also=(outer,) if outer else (),
                module=owner.path,
                call=call.id,
            )
        else:
            yield from _other_width(subject, call, module, width)


def _owner(subject: Subject, module: Module) -> tuple[Module, str]:
    """The layer that the file makes, for an attention inside of one of torch's, and its argument for the width."""
    parent = subject.modules.get(module.path.rpartition(".")[0]) if module.path else None
    if parent is not None and parent.type in _HEADS:
        return parent, "d_model"
    return module, "embed_dim"


def _other_width(subject: Subject, call: Call, module: Module, width: int) -> Iterator[Finding]:
    """Keys or values of another width than the queries: `kdim` and `vdim` say so."""
    if module.type != "MultiheadAttention":
        return
    outer, query = subject.user_call(call).place, subject.argument(call, "query")
    wrong: list[tuple[str, Size, int]] = []
    for name, argument in (("key", "kdim"), ("value", "vdim")):
        tensor = subject.argument(call, name)
        built = integer(module.arguments.get(argument)) or width
        if tensor is None or query is None or len(tensor.shape) != len(query.shape):
            continue
        if tensor.shape and tensor.shape[-1] != built:
            axis = len(tensor.shape) - 1
            wrong.append((argument, Size(tensor.id, axis, tensor.shape[axis]), built))
    if not wrong:
        return
    argument, size, built = wrong[0]
    fixes: list[Fix] = []
    owner, name = _owner(subject, module)
    missing = [(one, other) for one, other, _ in wrong if one not in module.argument_places]
    if owner is not module:  # torch's own layers have one width for all
        fixes += mended(subject, Demand(module_setting(subject, owner, name), size, built))
    elif missing:
        words = ", ".join(f"{one}={_named(subject, module, other.value)}" for one, other in missing)
        edit = with_keyword(subject, module, words)
        if edit is not None:
            fixes.append(labelled(subject, [edit], means=f"keys and values of {size.value} features"))
    else:
        fixes += mended(subject, Demand(module_setting(subject, module, argument), size, built))
    yield Finding(
        check="attention-shape",
        severity="error",
        place=fixes[0].edits[0].place if fixes and fixes[0].edits else outer,
        values={
            "layer": module.path or module.type,
            "problem": f"is built for queries of {width} and keys of {built} features, and gets keys of {size.value}",
        },
        expected=f"{argument}={size.value}",
        actual=f"{argument}={built}",
        derivations=(subject.derivations.of(size.tensor, size.axis),),
        fixes=tuple(fixes),
        also=(outer,) if outer else (),
        module=module.path,
        call=call.id,
    )


def _named(subject: Subject, module: Module, value: int) -> str:
    """The constructor's parameter that is worth `value` where there is one alone, else the number."""
    place = module.constructed[0] if module.constructed else None
    function = subject.functions.get(place.function) if place else None
    held = [p.name for p in function.parameters if p.text == str(value)] if function else []
    return held[0] if len(held) == 1 else str(value)


def _heads(subject: Subject, built: Construction) -> Iterator[Finding]:
    for place in built.places or ((built.place,) if built.place else ()):
        call = subject.source_call(place)
        kind = call.function.rpartition(".")[2] if call else ""
        if call is None or kind not in _HEADS:
            continue
        width_name, width_at, heads_name, heads_at = _HEADS[kind]
        width = integer(built.arguments.get("embed_dim", built.arguments.get(width_name)))
        heads = integer(built.arguments.get("num_heads", built.arguments.get(heads_name)))
        if not width or not heads or width % heads == 0:
            continue
        divisors = [n for n in range(1, width + 1) if width % n == 0]
        best = min(divisors, key=lambda n: (abs(n - heads), n))
        fixes: list[Fix] = []
        heads_place = argument_written(call, heads_name, heads_at)
        width_place = argument_written(call, width_name, width_at)
        if heads_place is not None:
            means = f"{width} / {best} = {width // best} features a head"
            fixes += [
                labelled(subject, way.edits, means=means)
                for way in ways_to_set_text(subject, heads_place, heads, best)
            ]
        if width_place is not None:
            wanted = round(width / heads) * heads
            fixes += [
                labelled(subject, way.edits, means="a multiple of the heads")
                for way in ways_to_set_text(subject, width_place, width, wanted)
            ]
        yield Finding(
            check="attention-shape",
            severity="error",
            place=heads_place or place,
            values={
                "layer": kind,
                "problem": f"shares {width} features among {heads} heads: {width} / {heads} is no whole number",
            },
            expected=f"one of {', '.join(map(str, divisors[:12]))} heads",
            actual=str(heads),
            fixes=tuple(fixes),
        )
        return


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.attn = nn.MultiheadAttention(16, 4, batch_first=True)

            def forward(self, x):
                return self.attn(x, x, x)[0]
        """,
        "3,6,16",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.attn = nn.MultiheadAttention(16, 5, batch_first=True)

            def forward(self, x):
                return self.attn(x, x, x)[0]
        """,
        "3,6,16",
        at="5, batch_first",
        fixed="self.attn = nn.MultiheadAttention(16, 4, batch_first=True)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.attn = nn.MultiheadAttention(32, 4, batch_first=True)

            def forward(self, x):
                return self.attn(x, x, x)[0]
        """,
        "3,6,16",
        at="32",
        fixed="self.attn = nn.MultiheadAttention(16, 4, batch_first=True)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, width=16, context=24):
                super().__init__()
                self.attn = nn.MultiheadAttention(width, 4, batch_first=True)

            def forward(self, x, other):
                return self.attn(x, other, other)[0]
        """,
        ("3,6,16", "3,5,24"),
        at=")\n\n    def forward",
        fixed="self.attn = nn.MultiheadAttention(width, 4, batch_first=True, kdim=context, vdim=context)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, width=16):
                super().__init__()
                self.body = nn.Conv1d(3, 24, 3, padding=1)
                self.block = nn.TransformerDecoderLayer(width, 4, 32, batch_first=True)

            def forward(self, x, signal):
                return self.block(x, self.body(signal).transpose(1, 2))
        """,
        ("3,6,16", "3,3,10"),
        at="24",
        fixed="self.body = nn.Conv1d(3, 16, 3, padding=1)",
    ),
)
