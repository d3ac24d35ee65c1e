"""A transformer's decoder is used without an encoder.

## What it finds
`nn.TransformerDecoder` and `nn.TransformerDecoderLayer` that are called without a memory, or with a mask in its place.

## Why it matters
A decoder's layer attends twice: to what was written so far, and to the memory that an encoder made. Its second argument is that
memory; a mask is the third. A language model of "decoders only" has no encoder: its blocks are encoder layers that get a causal mask.

## Example
    self.block = nn.TransformerDecoderLayer(64, 8, batch_first=True)
    x = self.block(x, mask)

## Use instead
    self.block = nn.TransformerEncoderLayer(64, 8, batch_first=True)
    x = self.block(x, mask)

## When it is fine
Never: the call raises. `# nnwhy: ignore[decoder-without-memory]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call, Failure

_DECODERS = ("TransformerDecoder", "TransformerDecoderLayer")
_KEYWORDS = {"tgt": "src", "tgt_key_padding_mask": "src_key_padding_mask", "tgt_is_causal": "is_causal"}


@check(
    name="decoder-without-memory",
    severity="error",
    summary="A transformer's decoder is used without an encoder.",
    title="{decoder} gets {given}: it attends to what an encoder made as well",
)
def decoder_without_memory(subject: Subject) -> Iterator[Finding]:
    for call, failure in subject.failed(*_DECODERS, "multi_head_attention_forward"):
        decoder = _decoder(subject, call)
        given = _given(subject, decoder, call, failure) if decoder is not None else ""
        module = subject.modules.get(decoder.module) if decoder is not None and given else None
        if decoder is None or module is None:
            continue
        edits = [*_made(subject, decoder), *_called(subject, decoder)]
        fixes: tuple[Fix, ...] = ()
        if edits:
            fixes = (labelled(subject, edits, means="an encoder's layer attends to its own input alone"),)
        yield Finding(
            check="decoder-without-memory",
            severity="error",
            place=edits[0].place if edits else decoder.place,
            values={"decoder": module.path or module.type, "given": given},
            expected="a memory of (batch, length, features)",
            actual=given,
            because=("a model without an encoder is made of encoder layers with a causal mask",),
            fixes=fixes,
            also=(decoder.place,) if decoder.place else (),
            module=module.path,
            call=call.id,
        )  # fmt: skip


def _decoder(subject: Subject, call: Call) -> Call | None:
    """The user's call of the decoder that `call` is, or is a part of."""
    outer = subject.user_call(call)
    module = subject.modules.get(outer.module)
    return outer if outer.kind == "module" and module is not None and module.type in _DECODERS else None


def _given(subject: Subject, decoder: Call, call: Call, failure: Failure) -> str:
    """What stands in the memory's place, "" where it is one."""
    if call.id == decoder.id:
        return "no memory" if failure.type == "TypeError" and "memory" not in decoder.arguments else ""
    target, memory = subject.argument(decoder, "tgt"), subject.argument(decoder, "memory")
    if target is None or memory is None or len(memory.shape) != 2 or len(target.shape) != 3:
        return ""
    square = memory.shape[0] == memory.shape[1] and memory.shape[0] in target.shape[:2]
    return f"a mask of {shape_text(memory.shape)} for a memory" if square else ""


def _made(subject: Subject, decoder: Call) -> Iterator[Edit]:
    """The decoder, and the layers that it is made of, made as an encoder."""
    module = subject.modules[decoder.module]
    place = next(iter(module.constructed), None)
    made = subject.source_call(place)
    if made is None:
        return
    calls = [made]
    if module.type == "TransformerDecoder":
        calls += [
            one for one in subject.sources[made.place.path].calls
            if one.scope == made.scope and one.resolved.endswith(".TransformerDecoderLayer")
        ]  # fmt: skip
    for one in sorted(calls, key=lambda call: (call.place.line, call.place.column)):
        yield Edit(one.callee, one.function.replace("TransformerDecoder", "TransformerEncoder"))


def _called(subject: Subject, decoder: Call) -> Iterator[Edit]:
    """The keywords of the calls as an encoder names them."""
    written = subject.source_call(decoder.place)
    for argument in written.arguments if written is not None else ():
        mask = "mask" if subject.modules[decoder.module].type == "TransformerDecoder" else "src_mask"
        name = {**_KEYWORDS, "tgt_mask": mask, "memory": mask}.get(argument.name)
        if name is not None and written is not None:
            place = _keyword(subject, written, argument.place, argument.name)
            if place is not None:
                yield Edit(place, name)


def _keyword(subject: Subject, call: SourceCall, value: Place, name: str) -> Place | None:
    """Where `name` in `name=value` stands, both on one line."""
    before = subject.sources[call.place.path].line(value.line)[: value.column - 1]
    head = before.rstrip().removesuffix("=").rstrip()
    if head == before.rstrip() or not head.endswith(name):
        return None
    start = len(head) - len(name) + 1
    return Place(value.path, value.line, start, value.line, len(head) + 1, value.function)


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.block = nn.TransformerDecoderLayer(8, 2, 16, batch_first=True)

            def forward(self, x, memory):
                return self.block(x, memory)
        """,
        ("3,5,8", "3,7,8"),
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
                self.block = nn.TransformerDecoderLayer(8, 2, 16, batch_first=True)

            def forward(self, x):
                mask = torch.triu(torch.ones(5, 5, dtype=torch.bool), diagonal=1)
                return self.block(x, mask)
        """,
        "3,5,8",
        at="nn.TransformerDecoderLayer",
        fixed="self.block = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                layer = nn.TransformerDecoderLayer(8, 2, 16, batch_first=True)
                self.body = nn.TransformerDecoder(layer, num_layers=2)

            def forward(self, x):
                mask = nn.Transformer.generate_square_subsequent_mask(5)
                return self.body(x, tgt_mask=mask)
        """,
        "3,5,8",
        at="nn.TransformerDecoderLayer",
        fixed="return self.body(x, mask=mask)",
    ),
)
