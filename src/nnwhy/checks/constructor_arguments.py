"""A layer is constructed with an argument that it does not take, without one that it needs, or with a fraction for a size.

## What it finds
Keywords that the layer does not have (`kernal_size`, `strides`, `rate`), arguments without a default that are left out,
and sizes that a `/` made a floating-point number.

## Why it matters
The network cannot be built, and Python tells the first such mistake only.

## Example
    self.conv = nn.Conv2d(1, 16, kernal_size=3)

## Use instead
    self.conv = nn.Conv2d(1, 16, kernel_size=3)

## When it is fine
Never: the call raises. `# nnwhy: ignore[constructor-arguments]` silences it.

## References
- https://docs.pytorch.org/docs/stable/nn.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from nnwhy.checks.basis.definitions import definition
from nnwhy.checks.basis.editing import added_argument, labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.signatures import Signature, signature_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceArgument, SourceCall, SourceFacts
from nnwhy.facts.value import plain

# What other libraries and habits call these.
_SAME = {
    "p": ("rate", "prob", "probability", "drop", "dropout", "drop_prob", "dropout_rate", "keep_prob", "dropout_p"),
    "out_channels": ("filters", "n_filters", "num_filters", "out_planes"),
    "in_channels": ("in_planes", "channels"),
    "out_features": ("units", "output_dim", "output_size", "out_dim", "n_out"),
    "in_features": ("input_dim", "input_size", "in_dim", "n_in"),
    "kernel_size": ("kernel", "ksize", "filter_size", "pool_size", "kernel_shape"),
    "padding": ("pad",),
    "dilation": ("dilation_rate",),
    "bias": ("use_bias",),
    "hidden_size": ("hidden_dim", "n_hidden", "units", "hidden"),
    "input_size": ("input_dim", "embedding_dim", "embed_dim", "n_input"),
    "num_layers": ("n_layers", "layers", "nlayers"),
    "num_embeddings": ("vocab_size", "input_dim", "num_tokens"),
    "embedding_dim": ("embed_dim", "output_dim", "emb_size", "emb_dim", "embedding_size"),
    "num_heads": ("nhead", "heads", "n_heads", "nheads"),
    "nhead": ("num_heads", "heads", "n_heads", "nheads"),
    "embed_dim": ("d_model", "dim", "embedding_dim"),
    "d_model": ("embed_dim", "dim", "embedding_dim"),
    "dim": ("axis",),
    "num_features": ("num_channels", "channels", "features"),
    "dim_feedforward": ("dim_ff", "ff_dim", "d_ff", "hidden_dim"),
    "negative_slope": ("alpha", "slope"),
    "scale_factor": ("size_factor", "scale"),
}  # fmt: skip
_WHOLE = re.compile(
    r"(in|out)_(features|channels)|num_\w+|embedding_dim|embed_dim|(input|hidden)_size|kernel_size|stride|padding|d_model|nhead|dim_feedforward"
)


@check(
    name="constructor-arguments",
    severity="error",
    summary="A layer is constructed with arguments that it does not take, or without one that it needs.",
    title="{layer} {problem}",
)
def constructor_arguments(subject: Subject) -> Iterator[Finding]:
    for source, call in _raising(subject):
        signature = signature_of(subject, call)
        if signature is None:
            continue
        unknown = [a for a in call.arguments if a.name and a.name not in signature.names]
        missing = _missing(call, signature)
        fractions = _fractions(subject, call, signature)
        if unknown and not signature.open:
            yield _unknown(subject, source, call, signature, unknown)
        elif missing:
            yield _left_out(subject, source, call, missing)
        elif fractions:
            yield from (_fraction(subject, source, call, *one) for one in fractions)


def _raising(subject: Subject) -> Iterator[tuple[SourceFacts, SourceCall]]:
    """The calls as written that a TypeError came from."""
    places = [f.place for f in subject.trace.failures if f.type == "TypeError"] if subject.trace else []
    if subject.construction is not None and subject.construction.type == "TypeError":
        places.append(subject.construction.place)
    for place in dict.fromkeys(places):
        call = subject.source_call(place)
        if place is not None and call is not None:
            yield subject.sources[place.path], call


def _missing(call: SourceCall, signature: Signature) -> list[str]:
    if any(a.starred for a in call.arguments):
        return []
    given = {a.name for a in call.arguments if a.name}
    positional = sum(not a.name for a in call.arguments)
    return [
        name for name in signature.needed if name not in given and name not in signature.names[:positional]
    ]


def _unknown(
    subject: Subject,
    source: SourceFacts,
    call: SourceCall,
    signature: Signature,
    unknown: list[SourceArgument],
) -> Finding:
    free = [name for name in signature.names if all(a.name != name for a in call.arguments)]
    free = (
        free[sum(not a.name for a in call.arguments) :]
        if not any(a.starred for a in call.arguments)
        else free
    )
    meant = {a.name: _nearest(a.name, free) for a in unknown}
    told = [f"{name}{f' (it has {near})' if near else ''}" for name, near in meant.items()]
    edits: list[Edit] = []
    for argument in unknown:
        where = _keyword(source, argument)
        if meant[argument.name] and where is not None:
            edits.append(Edit(where, meant[argument.name]))
    fixes = [labelled(subject, edits, means="the name it has")] if len(edits) == len(unknown) else []
    kept = [a for a in call.arguments if a not in unknown]
    fixes.append(
        labelled(
            subject,
            [Edit(call.place, f"{call.function}({', '.join(_written(a) for a in kept)})")],
            means=f"without {', '.join(meant)}",
            safe=False,
        )
    )
    place = _keyword(source, unknown[0]) or unknown[0].place
    return Finding(
        check="constructor-arguments",
        severity="error",
        place=place,
        values={"layer": call.function, "problem": f"takes no {', '.join(told)}"},
        expected=", ".join(signature.names),
        actual=", ".join(meant),
        fixes=tuple(fixes),
        also=(call.place,),
        call=_failed(subject, call),
    )


def _nearest(name: str, free: list[str]) -> str:
    close = get_close_matches(name, free, 1, 0.75)
    if close:
        return close[0]
    alike = [other for other in free if name.lower() in _SAME.get(other, ())]
    if alike:
        return alike[0]
    loose = get_close_matches(name, free, 1, 0.6)
    return loose[0] if loose else ""


def _left_out(subject: Subject, source: SourceFacts, call: SourceCall, missing: list[str]) -> Finding:
    texts = {name: _in_sight(subject, source, call, name) for name in missing}
    fixes: list[Fix] = []
    if all(texts.values()):
        added = ", ".join(f"{name}={text}" for name, text in texts.items())
        guessed = any(text.isdigit() for text in texts.values())
        fixes.append(
            labelled(subject, [added_argument(call, added)], means="gives what it needs", safe=not guessed)
        )
    given = len(call.arguments)
    return Finding(
        check="constructor-arguments",
        severity="error",
        place=call.place,
        values={
            "layer": call.function,
            "problem": f"needs {' and '.join(missing)}, and its {given} argument{'s' if given != 1 else ''} leave{'s' if given == 1 else ''} that out",
        },
        expected=" and ".join(missing),
        fixes=tuple(fixes),
        call=_failed(subject, call),
    )  # fmt: skip


def _in_sight(subject: Subject, source: SourceFacts, call: SourceCall, name: str) -> str:
    """What can be given for an argument: a variable of that name where the call stands, or what the layer before makes."""
    if definition(source, name, call.place) is not None:
        return name
    if any(a.target == f"self.{name}" and a.place.line < call.place.line for a in source.assignments):
        return f"self.{name}"
    if name in ("num_features", "in_features", "in_channels", "normalized_shape", "num_channels"):
        before = [
            other for other in source.calls
            if other.scope == call.scope and (other.place.line, other.place.column) < (call.place.line, call.place.column)
        ]  # fmt: skip
        for other in reversed(before):
            signature = signature_of(subject, other)
            for made in ("out_channels", "out_features", "num_features"):
                if signature is not None and made in signature.names:
                    at = signature.names.index(made)
                    found = next(
                        (a.text for a in other.arguments if a.name == made or (not a.name and a.index == at)),
                        "",
                    )
                    if found:
                        return found
    return {"kernel_size": "3"}.get(name, "")


def _fractions(
    subject: Subject, call: SourceCall, signature: Signature
) -> list[tuple[SourceArgument, str, float]]:
    """Arguments that must be whole numbers and are not of that kind."""
    built = subject.construction
    if built is None or not signature.layer:
        return []
    found: list[tuple[SourceArgument, str, float]] = []
    for argument in call.arguments:
        at = argument.index
        name = argument.name or (signature.names[at] if at < len(signature.names) else "")
        value = plain(built.arguments.get(name))
        if _WHOLE.fullmatch(name) and isinstance(value, float):
            found.append((argument, name, value))
    return found


def _fraction(
    subject: Subject, source: SourceFacts, call: SourceCall, argument: SourceArgument, name: str, value: float
) -> Finding:
    place, text = argument.place, argument.text
    for _ in range(4):
        made = definition(source, text, place) if re.fullmatch(r"[\w.]+", text) else None
        if made is None or made.place is None:
            break
        place, text = made.place, made.text
    fixes: list[Fix] = []
    if re.search(r"(?<!/)/(?!/)", text):
        whole = re.sub(r"(?<!/)/(?!/)", "//", text)
        fixes.append(labelled(subject, [Edit(place, whole)], means="// divides whole numbers"))
    fixes.append(labelled(subject, [Edit(argument.place, f"int({argument.text})")], means="a whole number"))
    return Finding(
        check="constructor-arguments",
        severity="error",
        place=place,
        values={"layer": call.function, "problem": f"gets {value} for {name}, which must be a whole number"},
        expected=str(int(value)),
        actual=str(value),
        fixes=tuple(fixes),
        also=(argument.place, call.place),
        call=_failed(subject, call),
    )


def _keyword(source: SourceFacts, argument: SourceArgument) -> Place | None:
    """The place of an argument's keyword."""
    line = source.line(argument.place.line)[: argument.place.column - 1]
    found = re.search(rf"\b{re.escape(argument.name)}(?=\s*=\s*\(*$)", line)
    if found is None:
        return None
    at = argument.place
    return Place(at.path, at.line, found.start() + 1, at.line, found.end() + 1, at.function)


def _written(argument: SourceArgument) -> str:
    return f"{argument.name}={argument.text}" if argument.name else argument.text


def _failed(subject: Subject, call: SourceCall) -> int | None:
    if subject.trace is None:
        return None
    return next((f.call for f in subject.trace.failures if f.place == call.place), None)


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, **options):
                super().__init__()
                self.conv = nn.Conv2d(1, 4, kernel_size=3, **options)

            def forward(self, x):
                return self.conv(x)
        """,
        "2,1,8,8",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(1, 4, kernal_size=3, strides=2)

            def forward(self, x):
                return self.conv(x)
        """,
        "2,1,8,8",
        at="kernal_size",
        fixed="self.conv = nn.Conv2d(1, 4, kernel_size=3, stride=2)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, width=8):
                super().__init__()
                half = width / 2
                self.fc = nn.Linear(width, half)

            def forward(self, x):
                return self.fc(x)
        """,
        "2,8",
        at="width / 2",
        fixed="half = width // 2",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(), nn.ReLU())

            def forward(self, x):
                return self.body(x)
        """,
        "2,1,8,8",
        at="nn.BatchNorm2d()",
        fixed="self.body = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(num_features=4), nn.ReLU())",
    ),
    Bad(
        """
        from torch import nn

        class Base(nn.Module):
            def __init__(self, width, classes):
                super().__init__()
                self.head = nn.Linear(width, classes)

        class Net(Base):
            def __init__(self, classes=3):
                super().__init__(8)
                self.fc = nn.Linear(4, 8)

            def forward(self, x):
                return self.head(self.fc(x))
        """,
        "2,4",
        at="super().__init__(8)",
        fixed="super().__init__(8, classes=classes)",
    ),
)
