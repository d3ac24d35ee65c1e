"""A functional dropout does not follow the network's mode.

## What it finds
`F.dropout` and its kin that still drop in evaluation mode, because `training` was not given, or is an attribute that
`net.eval()` does not switch; `F.scaled_dot_product_attention` with a `dropout_p` in evaluation mode; and `F.alpha_dropout`, whose
default is the opposite, so that it never drops.

## Why it matters
`F.dropout` has `training=True` by default and knows nothing of `net.eval()`: predictions are random, and worse than they
need be. The loss in evaluation looks as if the network had not learned.

## Example
    x = F.dropout(x, 0.5)

## Use instead
    x = F.dropout(x, 0.5, training=self.training)

## When it is fine
Monte Carlo dropout keeps dropping on purpose (Gal & Ghahramani 2016): write `training=True` and say so, in a comment
beside it, a docstring or a name (`MCDropout`), and nothing is said here; or `# nnwhy: ignore[dropout-always-on]`.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html
- https://github.com/Coderx7/SimpleNet/issues/2
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument, labelled
from nnwhy.checks.basis.layers import class_at
from nnwhy.checks.basis.meant import random_on_purpose
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import argument_place
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Trace

_ON = ("dropout", "dropout1d", "dropout2d", "dropout3d")
_OFF = ("alpha_dropout", "feature_alpha_dropout")


@check(
    name="dropout-always-on",
    severity="warning",
    summary="A functional dropout does not follow the network's mode.",
    title="{name} {effect}: it is not told whether the network trains",
)
def dropout_always_on(subject: Subject) -> Iterator[Finding]:
    trace = subject.evaluation or subject.trace
    if trace is None:
        return
    yield from _attention(subject, trace)
    told: set[object] = set()
    for call in trace.calls:
        if (
            call.kind != "function"
            or call.name not in (*_ON, *_OFF)
            or call.place in told
            or not subject.owned(call.place)
        ):
            continue
        flag = _flag(subject, call)
        if not flag or _of_layer(subject, call):
            continue
        given = call.arguments.get(flag)
        off = call.name in _OFF
        if (
            call.arguments.get("p") in (0, 0.0)
            or (given is not None and given is not True)
            or (off and given is True)
        ):
            continue
        told.add(call.place)
        written = _written(subject, call, flag) if given is True else ""
        if written and random_on_purpose(subject, call.place):
            continue
        own = _own_flag(subject, written, call.place)
        yield Finding(
            check="dropout-always-on",
            severity="warning" if written in ("", "True") or own else "note",
            place=call.place,
            values={"name": call.name, "effect": "never drops, also in training" if off else "goes on dropping in evaluation"},
            expected="training=self.training",
            because=(f"{written} is the network's own flag: net.eval() and net.train() switch self.training, not it",)
            if own else ("training=True keeps it on whatever the mode, also after net.eval(): right for Monte Carlo dropout alone",)
            if written else (f"its default is training={not off}; net.eval() and net.train() do not reach it",),
            fixes=tuple(_fixes(subject, call, flag)),
        )  # fmt: skip


def _flag(subject: Subject, call: Call) -> str:
    """What the function calls its flag: "training", or "train" in `torch.dropout` as the user writes it; "" elsewhere."""
    if call.function.startswith("torch.nn.functional."):
        return "training"
    written = subject.source_call(call.place)
    own = written is not None and written.resolved == f"torch.{call.name}"
    return "train" if own and "train" in call.arguments else ""


def _of_layer(subject: Subject, call: Call) -> bool:
    module = subject.modules.get(call.module)
    return module is not None and module.qualified_type.startswith("torch.nn.")


def _own_flag(subject: Subject, written: str, place: Place | None) -> bool:
    """Whether `training` is given an attribute of the network (`self.is_training`), in a class that does not switch modes itself."""
    if place is None or not written.startswith("self.") or written == "self.training":
        return False
    cls = class_at(subject.sources[place.path], place)
    return (
        cls is not None
        and written.removeprefix("self.").isidentifier()
        and not {"train", "eval"} & set(cls.methods)
    )


def _attention(subject: Subject, trace: Trace) -> Iterator[Finding]:
    """`F.scaled_dot_product_attention(…, dropout_p=0.1)`, which knows no mode either."""
    told: set[object] = set()
    for call in trace.calls:
        rate = call.arguments.get("dropout_p")
        if call.name != "scaled_dot_product_attention" or call.kind != "function" or call.place in told:
            continue
        if (
            not isinstance(rate, float)
            or not rate > 0
            or not subject.owned(call.place)
            or _of_layer(subject, call)
        ):
            continue
        place, _ = argument_place(subject, call, "dropout_p")
        if place is None or random_on_purpose(subject, call.place):
            continue
        told.add(call.place)
        text = subject.text(place)
        edit = Edit(place, f"{text} if self.training else 0.0")
        scope = place.function
        yield Finding(
            check="dropout-always-on",
            severity="warning",
            place=call.place,
            values={"name": "the attention's dropout", "effect": "goes on dropping in evaluation"},
            expected=f"{text} if self.training else 0.0",
            actual=f"dropout_p={rate:g}",
            because=("the function knows no mode: net.eval() and net.train() do not reach dropout_p",),
            fixes=(labelled(subject, [edit], means="follows net.train() and net.eval()"),)
            if "." in scope
            else (),
        )


def _written(subject: Subject, call: Call, flag: str) -> str:
    """The expression given for the flag, "" where there is none."""
    place, _ = argument_place(subject, call, flag)
    return subject.text(place).strip()


def _fixes(subject: Subject, call: Call, flag: str) -> Iterator[Fix]:
    written = subject.source_call(call.place)
    if written is None or "." not in written.scope:
        return
    place, _ = argument_place(subject, call, flag)
    edit = Edit(place, "self.training") if place else added_argument(written, f"{flag}=self.training")
    yield labelled(subject, [edit], means="follows net.train() and net.eval()")


good = (
    Good(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)
                self.drop = nn.Dropout(0.5)

            def forward(self, x):
                return self.fc(self.drop(F.dropout(x, 0.2, self.training)))
        """,
        "3,4",
    ),
    Good(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                # stays on at inference: several passes give the spread
                return self.fc(F.dropout(x, 0.2, training=True))
        """,
        "3,4",
    ),
)
bad = (
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(F.dropout(x, p=0.2))
        """,
        "3,4",
        at="F.dropout(x, p=0.2)",
        fixed="return self.fc(F.dropout(x, p=0.2, training=self.training))",
    ),
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(F.dropout(x, 0.2, True))
        """,
        "3,4",
        at="F.dropout(x, 0.2, True)",
        fixed="return self.fc(F.dropout(x, 0.2, self.training))",
    ),
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.qkv = nn.Linear(4, 12)
                self.rate = 0.1

            def forward(self, x):
                q, k, v = self.qkv(x).chunk(3, dim=-1)
                return F.scaled_dot_product_attention(q, k, v, dropout_p=self.rate)
        """,
        "2,5,4",
        at="F.scaled_dot_product_attention(q, k, v, dropout_p=self.rate)",
        fixed="return F.scaled_dot_product_attention(q, k, v, dropout_p=self.rate if self.training else 0.0)",
    ),
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self, is_training=True):
                super().__init__()
                self.fc = nn.Linear(4, 2)
                self.is_training = is_training

            def forward(self, x):
                return self.fc(F.dropout(x, 0.2, training=self.is_training))
        """,
        "3,4",
        at="F.dropout(x, 0.2, training=self.is_training)",
        fixed="return self.fc(F.dropout(x, 0.2, training=self.training))",
    ),
)
