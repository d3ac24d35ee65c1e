"""Attention gets a mask, or a second sequence, that does not fit the order in which it reads the axes.

## What it finds
`MultiheadAttention`, `Transformer` and its layers whose query and key have different batches, whose `key_padding_mask` is
not (batch, keys), whose `attn_mask` is not (queries, keys) or (batch · heads, queries, keys), or whose mask holds whole
numbers. Where the data stands batch first and the layer was not told, that is said.

## Why it matters
The pass stops there; the message speaks of the mask, and the cause is most often a missing `batch_first=True`.

## Example
    self.attn = nn.MultiheadAttention(dim, 4)
    y, _ = self.attn(x, x, x, key_padding_mask=ids == 0)        # x is (batch, words, dim)

## Use instead
    self.attn = nn.MultiheadAttention(dim, 4, batch_first=True)

## When it is fine
Never: the call raises. `# nnwhy: ignore[attention-mask]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Transformer.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.editing import argument_written, bracketed, labelled
from nnwhy.checks.basis.inserting import with_keyword
from nnwhy.checks.basis.mending import Demand, mended
from nnwhy.checks.basis.originals import original
from nnwhy.checks.basis.other_axis import read_along
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import module_setting
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Module, Tensor

_BATCH_FIRST = ("MultiheadAttention", "TransformerEncoderLayer", "TransformerDecoderLayer", "Transformer")
_MASKS = {
    "key_padding_mask": (
        "key_padding_mask",
        "src_key_padding_mask",
        "tgt_key_padding_mask",
        "memory_key_padding_mask",
    ),
    "attn_mask": ("attn_mask", "src_mask", "mask", "tgt_mask", "memory_mask"),
}
_SEQUENCE_FIRST = re.compile(
    r"[\(\[]\s*(s|t|l|time|steps|seq\w*|sequence\w*|(src|tgt|max)[_ ]?len\w*)\s*,\s*(b|n|bs|bsz|batch)",
    re.IGNORECASE,
)
_FAR = 24
_POSITION = {"MultiheadAttention": {"key_padding_mask": 3, "attn_mask": 5}}


@check(
    name="attention-mask",
    severity="error",
    summary="Attention gets a mask or a second sequence that does not fit the order of its axes.",
    title="{layer} {problem}",
)
def attention_mask(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed("Transformer", "TransformerEncoder", "TransformerDecoder"):
        yield from _two_sequences(subject, call)
    for call, _ in subject.failed("multi_head_attention_forward"):
        module = subject.layer(call)
        query, key = subject.argument(call, "query"), subject.argument(call, "key")
        if module is None or query is None or key is None or query.shape[-1:] != key.shape[-1:]:
            continue
        if len(query.shape) == 3 and len(key.shape) == 3 and query.shape[1] != key.shape[1]:
            yield _batches(subject, call, module, query, key)
            continue
        for name in _MASKS:
            mask = subject.argument(call, name)
            found = _mask(subject, call, module, query, key, name, mask) if mask is not None else None
            if found is not None:
                yield found
                break


def _two_sequences(subject: Subject, call: Call) -> Iterator[Finding]:
    """The encoder's and the decoder's sequence of `nn.Transformer`."""
    module = subject.modules.get(call.module)
    src, tgt = subject.argument(call, "src"), subject.argument(call, "tgt")
    if module is None or src is None or tgt is None or len(src.shape) != 3 or len(tgt.shape) != 3:
        return
    first = module.arguments.get("batch_first") is True
    axis = 0 if first else 1
    width = integer(module.arguments.get("d_model"))
    wrong = next((t for t in (src, tgt) if width is not None and t.shape[-1] != width), None)
    if src.shape[axis] != tgt.shape[axis]:
        problem = (
            f"reads {_order(first)}: src {shape_text(src.shape)} is a batch of {src.shape[axis]}, "
            f"tgt {shape_text(tgt.shape)} one of {tgt.shape[axis]}"
        )
        swap = src.shape[1 - axis] == tgt.shape[1 - axis]
        yield _found(
            subject, call, module, problem, _order_fixes(subject, module) if swap else [], src, tgt, axis
        )
    elif wrong is not None and width is not None:
        size = Size(wrong.id, 2, wrong.shape[2])
        setting = module_setting(subject, module, "d_model")
        problem = f"is built for {width} features and gets {wrong.shape[2]}"
        yield _found(
            subject, call, module, problem, mended(subject, Demand(setting, size, width)), wrong, wrong, 2
        )


def _batches(subject: Subject, call: Call, module: Module, query: Tensor, key: Tensor) -> Finding:
    owner = _owner(subject, module)
    first = owner.arguments.get("batch_first") is True
    given = [
        tensor.shape if not first else (tensor.shape[1], tensor.shape[0], tensor.shape[2])
        for tensor in (query, key)
    ]
    problem = (
        f"reads {_order(first)}: the query {shape_text(given[0])} is a batch of {query.shape[1]}, "
        f"the key {shape_text(given[1])} one of {key.shape[1]}"
    )
    fixes = _order_fixes(subject, owner) if query.shape[0] == key.shape[0] else []
    return _found(subject, call, owner, problem, fixes, query, key, 1)


def _mask(
    subject: Subject, call: Call, module: Module, query: Tensor, key: Tensor, name: str, mask: Tensor
) -> Finding | None:
    owner = _owner(subject, module)
    first = owner.arguments.get("batch_first") is True
    heads = integer(call.arguments.get("num_heads")) or 1
    batch = query.shape[1:2] if len(query.shape) == 3 else ()
    queries, keys = query.shape[0], key.shape[0]
    wanted = (*batch, keys) if name == "key_padding_mask" else (queries, keys)
    axes = "(batch, keys)" if name == "key_padding_mask" else "(queries, keys)"
    fitting = [wanted]
    if name == "attn_mask" and batch:
        fitting.append((batch[0] * heads, queries, keys))
        axes = "(queries, keys) or (batch · heads, queries, keys)"
    place = _written(subject, call, name, mask)
    kind = mask.dtype != "bool" and not mask.dtype.startswith(("float", "bfloat"))
    if mask.shape in fitting and not kind:
        return None
    fixes: list[Fix] = []
    if mask.shape not in fitting:
        sizes = mask.shape[-2:] if name == "attn_mask" else ()
        if len(sizes) == 2 and sizes[0] != queries:
            axis = len(mask.shape) - 2
            fixes += read_along(subject, call, Size(mask.id, axis, sizes[0]), Size(query.id, 0, queries))
        turned = _as_if_batch_first(batch, queries, keys, heads, name)
        if mask.shape in turned and queries == keys:
            order = _order_fixes(subject, owner)
            fixes = [*fixes, *order] if _says_sequence_first(subject) else [*order, *fixes]
        cut = _cut_alike(subject, query, mask) if name == "key_padding_mask" else ""
        method = cut or _method(mask.shape, wanted, batch, queries, keys, heads, name)
        if place is not None and method:
            fixes.append(
                labelled(
                    subject,
                    [Edit(place, bracketed(subject.text(place)) + method)],
                    means="a mask as it is read",
                )
            )
    if kind and place is not None:
        edits = [Edit(place, f"{bracketed(subject.text(place))}.bool()")]
        fixes.append(labelled(subject, edits, means="True is left out of the attention", safe=False))
    given = query.shape if not first or not batch else (query.shape[1], query.shape[0], query.shape[2])
    told = f"{shape_text(mask.shape)}{f' of {mask.dtype}' if kind else ''}"
    problem = (
        f"reads {shape_text(given)} as {_order(first) if batch else '(sequence, features)'} and needs a {name} of "
        f"{' or '.join(map(shape_text, fitting))}, {axes}; it gets {told}"
    )
    return _found(
        subject, call, owner, problem, fixes, query, key, 0, place, expected=shape_text(wanted), actual=told
    )


def _as_if_batch_first(
    batch: tuple[int, ...], queries: int, keys: int, heads: int, name: str
) -> list[tuple[int, ...]]:
    """The shapes of masks that would fit if the axes read as sequence and batch were the other way round."""
    if not batch:
        return []
    if name == "key_padding_mask":
        return [(keys, batch[0])]
    return [(batch[0], batch[0]), (queries * heads, batch[0], batch[0])]


def _method(
    shape: tuple[int, ...], wanted: tuple[int, ...], batch: tuple[int, ...], queries: int, keys: int, heads: int, name: str,
) -> str:  # fmt: skip
    if shape == wanted[::-1]:
        return ".T"
    if name == "attn_mask" and batch and shape == (batch[0], queries, keys):
        return f".repeat_interleave({heads}, dim=0)"
    if name == "attn_mask" and batch and shape == (batch[0], 1, queries, keys):
        return f".squeeze(1).repeat_interleave({heads}, dim=0)"
    if len(shape) == len(wanted) + 1 and shape[0] == 1 and shape[1:] == wanted:
        return ".squeeze(0)"
    if batch and len(shape) == 4 and shape == (batch[0], 1, 1, keys) and name == "key_padding_mask":
        return ".flatten(1)"
    if len(shape) == len(wanted) and all(one >= other for one, other in zip(shape, wanted, strict=True)):
        return f"[{', '.join(f':{size}' for size in wanted)}]"
    return ""


def _says_sequence_first(subject: Subject) -> bool:
    """Whether a comment in the network's class names the sequence before the batch."""
    root = subject.modules.get("")
    if root is None or root.defined is None or root.defined.path not in subject.sources:
        return False
    where = root.defined
    comments = subject.sources[where.path].comments
    inside = [c.text for c in comments if where.line <= c.place.line <= where.end_line]
    return any(_SEQUENCE_FIRST.search(text) for text in inside)


def _order(first: bool) -> str:
    return "(batch, sequence, features)" if first else "(sequence, batch, features)"


def _order_fixes(subject: Subject, owner: Module) -> list[Fix]:
    owner = original(subject, owner)
    if owner.arguments.get("batch_first") is True:
        call = subject.source_call(owner.constructed[0] if owner.constructed else None)
        place = next((a.place for a in call.arguments if a.name == "batch_first"), None) if call else None
        edits = [Edit(place, "False")] if place is not None and subject.text(place) == "True" else []
        return [labelled(subject, edits, means="reads (sequence, batch, features)")] if edits else []
    edit = with_keyword(subject, owner, "batch_first=True")
    return [labelled(subject, [edit], means="reads (batch, sequence, features)")] if edit is not None else []


def _owner(subject: Subject, module: Module) -> Module:
    """The layer that the user constructed: for the attention inside a Transformer, that."""
    here = module
    while not (here.type in _BATCH_FIRST and any(subject.owned(place) for place in here.constructed[:1])):
        above = subject.modules.get(here.path.rpartition(".")[0])
        if above is None or above is here or not above.path:
            break
        here = above
    if here.type in _BATCH_FIRST:
        return here
    copied = subject.modules.get(module.path.rpartition(".")[0])
    return copied if copied is not None and copied.type in _BATCH_FIRST else module


def _written(subject: Subject, call: Call, name: str, mask: Tensor) -> Place | None:
    """Where the mask is written in the user's call: of several, one of its shape."""
    outer = subject.user_call(call)
    written = subject.source_call(outer.place)
    if written is None:
        return None
    found: list[Place] = []
    for other in _MASKS[name]:
        place = argument_written(written, other, _POSITION.get(outer.name, {}).get(name, -1))
        given = subject.argument(outer, other)
        if place is not None and given is not None and given.shape == mask.shape:
            found.insert(0, place)
        elif place is not None:
            found.append(place)
    return found[0] if found else None


def _cut_alike(subject: Subject, query: Tensor, mask: Tensor) -> str:
    """The `[:, :-1]` that the sequence was cut with and its mask was not; "" where there is none."""
    tensor = query.id
    for _ in range(_FAR):
        maker = subject.maker(tensor)
        if maker is None or not maker.inputs:
            return ""
        before = subject.shape(maker.inputs[0])
        text = subject.text(maker.place)
        if maker.name == "__getitem__" and before[:2] == mask.shape and text.endswith("]"):
            return text[text.rfind("[") :]
        tensor = maker.inputs[0]
    return ""


def _found(
    subject: Subject, call: Call, owner: Module, problem: str, fixes: list[Fix], one: Tensor, other: Tensor, axis: int,
    place: Place | None = None, expected: str = "", actual: str = "",
) -> Finding:  # fmt: skip
    outer = subject.user_call(call).place
    sizes = dict.fromkeys((tensor.id, axis) for tensor in (one, other))
    return Finding(
        check="attention-mask",
        severity="error",
        place=fixes[0].edits[0].place if fixes and fixes[0].edits else place or outer,
        values={"layer": owner.path or owner.type, "problem": problem},
        expected=expected,
        actual=actual,
        derivations=tuple(subject.derivations.of(*size) for size in sizes),
        fixes=tuple(fixes),
        also=(outer,) if outer else (),
        module=owner.path,
        call=call.id,
    )


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.attn = nn.MultiheadAttention(8, 2, batch_first=True)

            def forward(self, x, memory):
                future = torch.ones(x.size(1), memory.size(1)).triu(1).bool()
                return self.attn(x, memory, memory, attn_mask=future)[0]
        """,
        ("3,6,8", "3,7,8"),
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(20, 8)
                self.attn = nn.MultiheadAttention(8, 2)

            def forward(self, ids):
                x = self.embed(ids)
                return self.attn(x, x, x, key_padding_mask=ids == 0)[0]
        """,
        "3,6:int64",
        at=")\n\n    def forward",
        fixed="self.attn = nn.MultiheadAttention(8, 2, batch_first=True)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.attn = nn.MultiheadAttention(8, 2, batch_first=True)

            def forward(self, x, mask):
                return self.attn(x, x, x, attn_mask=mask)[0]
        """,
        ("3,6,8", "3,6,6"),
        at="mask)[0]",
        fixed="return self.attn(x, x, x, attn_mask=mask.repeat_interleave(2, dim=0))[0]",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.model = nn.Transformer(8, 2, 1, 1, 16)

            def forward(self, src, tgt):
                return self.model(src, tgt)
        """,
        ("3,6,8", "3,5,8"),
        at=")\n\n    def forward",
        fixed="self.model = nn.Transformer(8, 2, 1, 1, 16, batch_first=True)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, words=7):
                super().__init__()
                self.embed = nn.Embedding(20, 8)
                self.attn = nn.MultiheadAttention(8, 2, batch_first=True)
                self.register_buffer("future", torch.full((words, words), -torch.inf).triu(1))

            def forward(self, ids):
                x = self.embed(ids).permute(1, 0, 2)
                return self.attn(x, x, x, attn_mask=self.future)[0].permute(1, 0, 2)
        """,
        "3,7:int64",
        at="True)",
        fixed="self.attn = nn.MultiheadAttention(8, 2, batch_first=False)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(20, 8, padding_idx=0)
                self.layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)

            def forward(self, ids):
                empty = ids == 0
                return self.layer(self.embed(ids[:, :-1]), src_key_padding_mask=empty)
        """,
        "3,7:int64",
        at="empty)",
        fixed="return self.layer(self.embed(ids[:, :-1]), src_key_padding_mask=empty[:, :-1])",
    ),
)
