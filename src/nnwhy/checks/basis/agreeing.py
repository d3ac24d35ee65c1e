"""Two tensors whose sizes must agree and do not: the settings behind either of them that would bring them together."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.mending import candidate_fixes, distinct, plausible
from nnwhy.checks.basis.solving import Candidate, candidates, fitting_inputs
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place

_COST = {
    "padding": 0.0,
    "stride": 0.2,
    "out_channels": 0.1,
    "out_features": 0.1,
    "output_padding": 0.3,
    "kernel_size": 1.0,
}


class Agree:
    """The wish that the values are the same in each of `parts` equal stretches."""

    def __init__(self, parts: int = 2) -> None:
        self.parts = parts

    def __call__(self, values: list[int]) -> bool:
        length = len(values) // self.parts
        return all(
            values[start : start + length] == values[:length] for start in range(0, len(values), length)
        )


def agreeing_fixes(subject: Subject, *parts: Sequence[Size], most: int = 8) -> list[Fix]:
    """Fixes that change one setting so that the sizes of all parts are the same, smallest change first."""
    roots = [size for part in parts for size in part]
    found = [candidate for candidate in candidates(subject, roots, Agree(len(parts))) if plausible(candidate)]
    found.sort(key=lambda candidate: _cost(subject, candidate))
    fixes = [fix for candidate in found[:most] for fix in candidate_fixes(subject, candidate, 0)]
    return distinct(fixes)


def fitting_side(subject: Subject, left: Sequence[Size], right: Sequence[Size]) -> str:
    """ "an input width of 688 would fit", where another input makes them agree; "" where none does."""
    found = fitting_inputs(subject, [*left, *right], Agree())
    if found is None:
        return ""
    inputs, _ = found
    side = next(iter(inputs.values()))
    names = [subject.derivations.axes.name(*key) or "size" for key in inputs]
    return f"an input {' and '.join(dict.fromkeys(names))} of {side} would fit"


def cropped(
    subject: Subject, places: Sequence[Place], shapes: Sequence[tuple[int, ...]], axes: Sequence[int]
) -> list[Fix]:
    """The larger operands cut to the smallest, where they differ by little in axes behind the channels."""
    if len(places) != len(shapes) or not axes or min(axes) < 2:
        return []
    if any(max(s[axis] for s in shapes) > 2 * min(s[axis] for s in shapes) for axis in axes):
        return []
    smallest = [min(range(len(shapes)), key=lambda index, axis=axis: shapes[index][axis]) for axis in axes]
    edits: list[Edit] = []
    rank = len(shapes[0])
    for index, place in enumerate(places):
        larger = [
            axis
            for axis, least in zip(axes, smallest, strict=True)
            if shapes[index][axis] > shapes[least][axis]
        ]
        if not larger:
            continue
        slices = [":"] * rank
        for axis, least in zip(axes, smallest, strict=True):
            if axis in larger:
                slices[axis] = f":{_size(subject, places[least], axis, shapes[least][axis])}"
        text = f"{bracketed(subject.text(place))}[{', '.join(slices)}]"
        edits.append(Edit(place, text))
    if not edits:
        return []
    return [labelled(subject, edits, means="cuts the larger map to the smaller one")]


def half_the_kernel(subject: Subject, tensors: Sequence[int]) -> list[Fix]:
    """Convolutions that one expression makes with several kernels and one padding: half of each kernel keeps every size."""
    makers = [subject.maker(tensor) for tensor in tensors]
    layers = [subject.layer(maker) if maker is not None else None for maker in makers]
    convolutions = [layer for layer in layers if layer is not None and layer.type.startswith("Conv")]
    places = {layer.argument_places.get("kernel_size") for layer in convolutions}
    kernels = {integers(layer.arguments.get("kernel_size")) for layer in convolutions}
    if len(convolutions) < 2 or len(places) != 1 or len(kernels) < 2:
        return []
    kernel, layer = places.pop(), convolutions[0]
    text = subject.text(kernel).strip()
    padding = layer.argument_places.get("padding")
    odd = all(size % 2 for sizes in kernels for size in sizes)
    if (
        not text.isidentifier()
        or padding is None
        or not odd
        or integers(layer.arguments.get("dilation")) not in ((1,), (1, 1), ())
    ):
        return []
    return [labelled(subject, [Edit(padding, f"{text} // 2")], means="each keeps the sizes of its input")]


def _size(subject: Subject, place: Place, axis: int, value: int) -> str:
    text = subject.text(place)
    return f"{text}.size({axis})" if text.isidentifier() else str(value)


def _cost(subject: Subject, candidate: Candidate) -> tuple[float, int]:
    setting = candidate.setting
    change = abs(candidate.value - setting.value)
    channels = setting.name in (
        "out_channels",
        "out_features",
        "in_channels",
        "num_features",
        "embedding_dim",
    )
    usual = _usual(subject, candidate)
    return (_COST.get(setting.name, 2.0) + (0 if channels else change) + usual, candidate.distance)


def _usual(subject: Subject, candidate: Candidate) -> float:
    """Most convolutions keep the size but for their stride: padding is half of kernel − 1. A change that makes an odd one
    so is likely the right one, and one that makes a usual one odd is not."""
    module = subject.modules.get(candidate.setting.owner) if candidate.setting.owner is not None else None
    if module is None or not module.type.startswith("Conv") or module.type.startswith("ConvTranspose"):
        return 0.0
    names = ("kernel_size", "padding", "dilation")
    values = {name: next(iter(integers(module.arguments.get(name))), None) for name in names}
    if any(value is None for value in values.values()) or candidate.setting.name not in (*names, "stride"):
        return 0.0
    before = _keeps(values)
    after = _keeps({**values, candidate.setting.name: candidate.value})
    return {(False, True): -2.0, (True, False): 1.0}.get((before, after), 0.0)


def _keeps(values: dict[str, int | None]) -> bool:
    kernel, padding, dilation = values["kernel_size"] or 1, values["padding"] or 0, values["dilation"] or 1
    return 2 * padding == dilation * (kernel - 1)
