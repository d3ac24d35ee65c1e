"""A view asks for sizes that do not make up the number of elements there is.

## What it finds
`view`, `reshape` or `unflatten` whose sizes do not multiply to the tensor's number of elements, or where what is left for
the −1 is no whole number.

## Why it matters
The pass stops there. Very often the number comes from a network for another picture size, and then the linear layer
behind the view has it as well: both must change.

## Example
    x = x.view(-1, 512 * 7 * 7)        # of (N, 512, 3, 3)
    x = self.fc(x)                     # nn.Linear(512 * 7 * 7, 64)

## Use instead
    x = x.view(-1, 512 * 3 * 3)        # and nn.Linear(512 * 3 * 3, 64)
or `x.flatten(1)`, which counts by itself and never mixes samples.

## When it is fine
Never: the call raises. `# nnwhy: ignore[view-size]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html
- https://docs.pytorch.org/docs/stable/generated/torch.flatten.html
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.fits import fits_for_product
from nnwhy.checks.basis.mending import distinct
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.resizing import resized
from nnwhy.checks.basis.settings import argument_place, call_setting, module_setting
from nnwhy.checks.basis.solving import Equals, candidates
from nnwhy.checks.basis.subject import Subject, integers, traced
from nnwhy.checks.basis.ways import Way, ways_to_set
from nnwhy.checks.basis.words import shape_text, times
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call
from nnwhy.facts.value import TensorRef

_BEHIND = ("relu", "dropout", "contiguous", "gelu", "leaky_relu", "tanh", "sigmoid")


@check(
    name="view-size",
    severity="error",
    summary="A view asks for sizes that do not make up the elements there are.",
    title="{name} to {wanted} does not fit {shape}: {elements} elements",
)
def view_size(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed("view", "reshape"):
        x = subject.argument(call, "input")
        wanted = integers(call.arguments.get("shape"))
        if x is None or not wanted or _fits(x.shape, wanted):
            continue
        fixes, fits = _batch_left_open(subject, call, x.shape, wanted), ()
        odd = 0 if fixes else _stated(call, wanted)
        per_sample = prod(x.shape[1:])
        if odd:
            new = _needed(x.shape, wanted, odd)
            if new is not None:
                fits, other = fits_for_product(subject, x.id, wanted[odd])
                fixes = _number_fixes(subject, call, odd, new, x.id)
                fixes += resized(subject, other.sizes) if other else []
        place, _ = argument_place(subject, call, "shape", odd) if odd is not None else (call.place, True)
        yield Finding(
            check="view-size",
            severity="error",
            place=place or call.place,
            values={
                "name": call.name, "wanted": shape_text(wanted), "shape": shape_text(x.shape),
                "elements": prod(x.shape), "per_sample": per_sample,
            },
            expected=shape_text(wanted),
            actual=shape_text(x.shape),
            because=(f"one sample holds {times(x.shape[1:])} = {per_sample}",) if len(x.shape) > 2 else (),
            derivations=tuple(subject.derivations.of(x.id, axis) for axis in range(1, len(x.shape))),
            fits=fits,
            fixes=tuple(fixes),
            also=(call.place,) if call.place else (),
            module=call.module,
            call=call.id,
        )  # fmt: skip


def _batch_left_open(
    subject: Subject, call: Call, shape: tuple[int, ...], wanted: tuple[int, ...]
) -> list[Fix]:
    """Where only the first number is wrong, because it states another batch size than the input has: −1, which any batch fits."""
    given = call.arguments.get("shape")
    first = given[0] if isinstance(given, tuple) and given else given
    rest = prod(wanted[1:])
    batches = {sizes[0] for tensor in subject.inputs() if len(sizes := subject.shape(tensor)) > 1}
    if len(wanted) < 2 or traced(first) or min(wanted) < 1 or prod(shape) % rest:
        return []
    rows = prod(shape) // rest
    place, _ = argument_place(subject, call, "shape", 0)
    if rows not in batches or place is None:
        return []
    return [labelled(subject, [Edit(place, "-1")], means=f"a batch of {rows} as well as one of {wanted[0]}")]


def _fits(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    known = prod(size for size in wanted if size != -1)
    if wanted.count(-1) == 1:
        return known != 0 and prod(shape) % known == 0
    return prod(wanted) == prod(shape)


def _stated(call: Call, wanted: tuple[int, ...]) -> int | None:
    """Which of the sizes the user stated as a number and means the sample's elements: the last, or the largest."""
    given = call.arguments.get("shape")
    items = given if isinstance(given, tuple) else (given,)
    plain = [index for index, item in enumerate(items) if wanted[index] > 1 and not traced(item)]
    if not plain:
        return None
    return max(plain, key=lambda index: wanted[index])


def _needed(shape: tuple[int, ...], wanted: tuple[int, ...], odd: int) -> int | None:
    """What that size should be so that the first axis stays the batch."""
    rest = prod(size for index, size in enumerate(wanted) if index not in (odd, 0) and size > 0)
    if odd == 0:
        return None
    if len(shape) == 1:
        total = shape[0]
    else:
        total = prod(shape[1:])
    first = wanted[0]
    if first > 0 and first != shape[0] and prod(shape) % first == 0:
        total = prod(shape) // first
    return total // rest if rest and total % rest == 0 else None


def _number_fixes(subject: Subject, call: Call, odd: int, new: int, tensor: int) -> list[Fix]:
    setting = call_setting(subject, call, "shape", odd)
    shape = subject.shape(tensor)
    factors = tuple(size for size in shape[1:])
    trailing = factors if prod(factors) == new else ()
    hints = set(shape)
    layers = _agreeing(subject, call, setting.value)
    fixes: list[Fix] = []
    for way in ways_to_set(subject, setting, new, factors=trailing, hints=hints):
        edits = list(way.edits)
        for layer_way in layers(new, trailing, hints, way):
            if layer_way not in edits:
                edits.append(layer_way)
        fixes.append(labelled(subject, edits, means=f"one sample is {times(factors)} = {prod(factors)}"))
    roots = [Size(tensor, axis, shape[axis]) for axis in range(1, len(shape))]
    producers: list[Fix] = []
    for candidate in candidates(subject, roots, Equals(setting.value), linear=len(roots) == 1):
        for way in ways_to_set(subject, candidate.setting, candidate.value)[:1]:
            means = f"{candidate.setting.owner or ''} {candidate.setting.name} {candidate.setting.value} → {candidate.value}"
            producers.append(labelled(subject, way.edits, means=means.strip()))
        if len(producers) > 2:
            break
    if _alone(subject, call, setting.value):
        return distinct([*fixes[:1], *producers, *fixes[1:]])
    # Where the layer behind agrees with the view, two places stand against one: what comes before may be the odd one.
    return distinct([*fixes, *producers])


def _alone(subject: Subject, call: Call, value: int) -> bool:
    return not _agreeing_settings(subject, call, value)


def _agreeing_settings(subject: Subject, call: Call, value: int) -> list[tuple[str, Place | None]]:
    outputs = set(call.outputs)
    found: list[tuple[str, Place | None]] = []
    for later in subject.calls[call.id + 1 :]:
        if not outputs & set(later.inputs):
            continue
        if later.name in _BEHIND and later.kind == "function":
            outputs |= set(later.outputs)
        elif later.kind == "function" and later.name == "linear":
            module = subject.layer(later)
            weight = subject.argument(later, "weight")
            data = later.arguments.get("input")
            if (
                module is not None
                and weight is not None
                and weight.shape[-1] == value
                and isinstance(data, TensorRef)
            ):
                found.append((module.path, module.argument_places.get("in_features")))
    return found


def _agreeing(subject: Subject, call: Call, value: int):  # type: ignore[no-untyped-def]
    """The edits that give the layers behind the view, which agree with its number, the new one as well."""
    paths = [path for path, _ in _agreeing_settings(subject, call, value)]

    def edits(new: int, factors: tuple[int, ...], hints: set[int], way: Way) -> list[Edit]:
        made: list[Edit] = []
        for path in paths:
            setting = module_setting(subject, subject.modules[path], "in_features")
            ways = ways_to_set(subject, setting, new, factors=factors, hints=hints)
            same = next((other for other in ways if other.edits == way.edits), None)
            chosen = same or next(
                (other for other in ways if other.kind == way.kind), ways[0] if ways else None
            )
            made.extend(chosen.edits if chosen else ())
        return made

    return edits


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 4, 3)
                self.fc = nn.Linear(4 * 6 * 6, 10)

            def forward(self, x):
                return self.fc(self.conv(x).view(-1, 4 * 6 * 6))
        """,
        "2,3,8,8",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        ROWS = 16

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 8)

            def forward(self, x):
                return self.fc(x).view(ROWS, 5, 8)
        """,
        "11,5,4",
        at="ROWS, 5",
        fixed="return self.fc(x).view(-1, 5, 8)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 4, 3)
                self.fc = nn.Linear(4 * 7 * 7, 10)

            def forward(self, x):
                x = self.conv(x)
                x = x.view(-1, 4 * 7 * 7)
                return self.fc(x)
        """,
        "2,3,8,8",
        at="4 * 7 * 7",
        nth=1,
        fixed="x = x.view(-1, 4 * 6 * 6)",
    ),
)
