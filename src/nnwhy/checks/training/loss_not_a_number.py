"""The loss becomes infinite or not a number.

## What it finds
A loss that is not finite, with the first call that made such a value from finite ones: the logarithm of 0, a division by 0, the
exponential of a large number, the gradient of a square root at 0, or data that already has such values.

## Why it matters
From then on every weight is not a number: the run is lost.

## Example
    loss = -(y * torch.log(p)).mean()            # p can be exactly 0

## Use instead
    loss = -(y * torch.log(p.clamp_min(1e-8))).mean()

or work with logarithms from the start: `F.log_softmax`, `F.logsigmoid`, `torch.logsumexp`.

## When it is fine
Never.

## References
- https://docs.pytorch.org/docs/stable/autograd.html#anomaly-detection
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.session import Backward, Made, NotFinite, Values

_STEEP = frozenset(
    {
        "sqrt",
        "rsqrt",
        "norm",
        "vector_norm",
        "pow",
        "__pow__",
        "std",
        "linalg_norm",
        "cdist",
        "acos",
        "asin",
        "sqrt_",
    }
)


@training_check(
    name="loss-not-a-number",
    severity="error",
    summary="The loss is infinite or not a number.",
    title="the loss is {value} at step {step}: {cause}",
)
def loss_not_a_number(watched: Watched) -> Iterator[Finding]:
    bad = next(
        (one for one in watched.session.backwards if one.value is not None and one.value - one.value != 0),
        None,
    )
    if bad is None:
        return
    found = watched.session.not_finite[0] if watched.session.not_finite else None
    value = "not a number" if bad.value != bad.value else f"{bad.value}"
    values = {"value": value, "step": bad.step + 1}
    if found is None:
        yield Finding("loss-not-a-number", "error", bad.place, {**values, "cause": "where from was not seen"})
        return
    if found.name == "weights":
        steep = _steep(watched, bad)
        cause = f"the last step made {found.layer} so"
        place = steep.place if steep else bad.place
        because = (
            (f"The gradient of {steep.name} is infinite at 0.",)
            if steep
            else ("Its gradient was not finite, or the step was too large.",)
        )
        fix = (
            advice(f"a small number inside: {steep.name}(… + 1e-8)")
            if steep
            else advice("a smaller learning rate, or clip_grad_norm_")
        )
        yield Finding(
            "loss-not-a-number",
            "error",
            place,
            {**values, "cause": cause},
            because=because,
            fixes=(fix,),
            module=found.layer,
        )
        return
    cause, fix = _explained(watched, found)
    yield Finding(
        "loss-not-a-number", "error", found.place, {**values, "cause": cause},
        because=_seen(found.cause), fixes=(fix,), also=(bad.place,) if bad.place else (),
    )  # fmt: skip


def _explained(watched: Watched, found: NotFinite) -> tuple[str, Fix]:
    name, cause = found.name.strip("_"), found.cause
    call = watched.call(found.place)
    argument = call.arguments[0].text if call and call.arguments else "x"
    if name == "input":
        return "the data has such values already", advice("look for missing values in the data")
    if name.startswith("log") and cause is not None and cause.minimum is not None:
        what = "0" if cause.minimum == 0 else f"{cause.minimum:.4g}"
        fix = f"{argument}.clamp_min(1e-8)"
        edits = (
            watched.instead(call.arguments[0].place, fix) if call and call.arguments and name == "log" else ()
        )
        return f"{name} of {what}", advice(fix if edits else "clamp_min(1e-8) before it", edits)
    if "div" in name or name in ("reciprocal", "rsqrt"):
        return f"{name} by 0", advice("a small number in the divisor: … + 1e-8")
    if name.startswith("exp") and cause is not None and cause.maximum is not None:
        return f"{name} of {cause.maximum:.4g}", advice("subtract the maximum first, or clamp_max(80)")
    if name == "sqrt" and cause is not None and cause.minimum is not None:
        return f"sqrt of {cause.minimum:.4g}", advice("clamp_min(0) before it")
    return f"{name} made it from finite values", advice("a look at what it is given")


def _seen(cause: Values | None) -> tuple[str, ...]:
    if cause is None or cause.minimum is None or cause.maximum is None:
        return ()
    return (f"Its input {cause.shape} goes from {cause.minimum:.4g} to {cause.maximum:.4g}.",)


def _steep(watched: Watched, bad: Backward) -> Made | None:
    for one in watched.session.backwards:
        if one is bad:
            return None
        found = next((made for made in one.history if made.name in _STEEP), None)
        if found is not None:
            return found
    return None
