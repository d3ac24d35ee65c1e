"""A mask of attention is the wrong way round: the words are hidden and the filling is read.

## What it finds
A mask made by comparing token numbers with the padding (`ids != 0`), handed to something that takes it the other way round:
`key_padding_mask` of `nn.MultiheadAttention` and the transformers (True is left out), the `attn_mask` of
`F.scaled_dot_product_attention` (True is read), and `masked_fill` with a very negative number in front of a softmax (True is left out).
The padding is the embedding's `padding_idx`, or 0 where it has none.

## Why it matters
Nothing fails. Every word is left out, and what is read is the filling, the same for all sentences; a sentence without filling
gives not-a-number.

## Example
    self.encoder(x, src_key_padding_mask=ids != 0)

## Use instead
    self.encoder(x, src_key_padding_mask=ids == 0)

## When it is fine
Never, as far as known. `# nnwhy: ignore[mask-inverted]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import argument_written, bracketed, labelled
from nnwhy.checks.basis.following import next_call
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call

_LAYERS = (
    "MultiheadAttention",
    "Transformer",
    "TransformerEncoder",
    "TransformerDecoder",
    "TransformerEncoderLayer",
    "TransformerDecoderLayer",
)
_HANDS_ON = (
    "unsqueeze",
    "__getitem__",
    "expand",
    "view",
    "reshape",
    "squeeze",
    "to",
    "bool",
    "repeat",
    "contiguous",
    "clone",
)
_TURNS = ("logical_not", "bitwise_not", "__invert__")
_FILLS = ("masked_fill", "masked_fill_")
_LOW = -1e3


@check(
    name="mask-inverted",
    severity="warning",
    summary="A mask of attention hides the words and shows the filling.",
    title="{name} takes True for {meaning}, and here True stands for {given}",
)
def mask_inverted(subject: Subject) -> Iterator[Finding]:
    told: set[Place] = set()
    for call, name, mask, hides in _masks(subject):
        found = _compared(subject, mask)
        if found is None:
            continue
        maker, true_at_padding, number = found
        outer = subject.user_call(call)
        if (
            true_at_padding == hides
            or outer.place is None
            or outer.place in told
            or not subject.owned(outer.place)
        ):
            continue
        told.add(outer.place)
        shown = f"the tokens that are {'' if true_at_padding else 'not '}{number}"
        yield Finding(
            check="mask-inverted",
            severity="warning",
            place=outer.place,
            values={
                "name": name,
                "meaning": "left out" if hides else "read",
                "given": shown,
            },
            expected=f"True for the tokens that are {'' if hides else 'not '}{number}",
            actual=f"True for {shown}",
            because=(f"{number} is the padding: the words are left out of the attention, and the filling is read",),
            fixes=tuple(_fixes(subject, outer, name, maker)),
            also=(maker.place,) if maker.place is not None else (),
            module=call.module,
            call=call.id,
        )  # fmt: skip


def _masks(subject: Subject) -> Iterator[tuple[Call, str, int, bool]]:
    """The calls that take a mask of booleans, the mask's name and tensor there, and whether True hides."""
    for call in subject.calls:
        if call.kind == "module" and call.name in _LAYERS and subject.user_call(call).id == call.id:
            for name in call.arguments:
                mask = subject.argument(call, name) if name.endswith("key_padding_mask") else None
                if mask is not None and mask.dtype == "bool":
                    yield call, name, mask.id, True
        elif call.name == "scaled_dot_product_attention":
            mask = subject.argument(call, "attn_mask")
            if mask is not None and mask.dtype == "bool" and subject.layer(call) is None:
                yield call, "attn_mask", mask.id, False
        elif call.name in _FILLS:
            mask, value = subject.argument(call, "mask"), call.arguments.get("value")
            following = next_call(subject, call)
            low = isinstance(value, int | float) and value < _LOW
            if mask is not None and low and following is not None and following.name == "softmax":
                yield call, "mask", mask.id, True


def _compared(subject: Subject, mask: int) -> tuple[Call, bool, int] | None:
    """The comparison with the padding that made a mask, whether the mask is True at the padding, and the padding's number."""
    turned = False
    maker = subject.maker(mask)
    while maker is not None and maker.name in (*_HANDS_ON, *_TURNS) and maker.inputs:
        turned ^= maker.name in _TURNS
        maker = subject.maker(maker.inputs[0])
    if maker is None or maker.name not in ("eq", "ne") or len(maker.inputs) != 1:
        return None
    number = integer(maker.arguments.get("other"))
    if number is None or number not in _paddings(subject, maker.inputs[0]):
        return None
    return maker, (maker.name == "eq") != turned, number


def _paddings(subject: Subject, tokens: int) -> Iterator[int]:
    """The numbers of the padding in the embeddings that read these very tokens."""
    for reader in subject.readers.get(tokens, ()):
        if reader.name == "embedding":
            yield integer(reader.arguments.get("padding_idx")) or 0


def _fixes(subject: Subject, outer: Call, name: str, maker: Call) -> Iterator[Fix]:
    """The mask turned round where it is handed in, and the comparison turned where nothing else reads it."""
    source = subject.text(maker.place)
    sign, other = ("!=", "==") if maker.name == "ne" else ("==", "!=")
    readers = [reader for output in maker.outputs for reader in subject.readers.get(output, ())]
    alone = len({subject.user_call(reader).id for reader in readers}) == 1
    means = "the filling is left out, and the words are read"
    if maker.place is not None and subject.owned(maker.place) and alone and source.count(sign) == 1:
        yield labelled(subject, [Edit(maker.place, source.replace(sign, other))], means=means)
    written = subject.source_call(outer.place)
    positions = {"key_padding_mask": 3} if outer.name == "MultiheadAttention" else {"mask": 0, "attn_mask": 3}
    place = argument_written(written, name, positions.get(name, -1)) if written is not None else None
    if place is not None:
        text = subject.text(place)
        text = text[1:] if text.startswith("~") else f"~{bracketed(text)}"
        yield labelled(subject, [Edit(place, text)], means=means)


good = (
    Good(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(20, 8, padding_idx=0)
                self.attn = nn.MultiheadAttention(8, 2, batch_first=True)

            def forward(self, ids):
                real = ids != 0
                x = self.embed(ids)
                x = self.attn(x, x, x, key_padding_mask=~real)[0]
                x = F.scaled_dot_product_attention(x, x, x, attn_mask=real.unsqueeze(1))
                scores = (x @ x.transpose(1, 2)).masked_fill(~real[:, None], -1e9)
                return scores.softmax(-1) @ x
        """,
        "3,6:int64",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(20, 8, padding_idx=0)
                self.attn = nn.MultiheadAttention(8, 2, batch_first=True)

            def forward(self, ids):
                x = self.embed(ids)
                return self.attn(x, x, x, key_padding_mask=ids != 0)[0]
        """,
        "3,6:int64",
        at="self.attn(x",
        fixed="return self.attn(x, x, x, key_padding_mask=ids == 0)[0]",
    ),
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(20, 8, padding_idx=1)

            def forward(self, ids):
                x = self.embed(ids)
                padded = ids.eq(1)
                x = x * (~padded).unsqueeze(-1)
                return F.scaled_dot_product_attention(x, x, x, attn_mask=padded.unsqueeze(1))
        """,
        "3,6:int64",
        at="F.scaled_dot",
        fixed="return F.scaled_dot_product_attention(x, x, x, attn_mask=~padded.unsqueeze(1))",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(20, 8, padding_idx=0)

            def forward(self, ids):
                x = self.embed(ids)
                scores = x @ x.transpose(1, 2)
                return scores.masked_fill((ids != 0).unsqueeze(1), -1e9).softmax(-1) @ x
        """,
        "3,6:int64",
        at="scores.masked_fill",
        fixed="return scores.masked_fill((ids == 0).unsqueeze(1), -1e9).softmax(-1) @ x",
    ),
)
