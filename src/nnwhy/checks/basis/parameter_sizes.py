"""Another size for a parameter such as `nn.Parameter(torch.zeros(1, 10, 16))`, written anew where it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nnwhy.checks.basis.editing import contains, labelled
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.ways import ways_to_set_text
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.trace import Tensor


def parameter_fixes(subject: Subject, own: Tensor, sizes: Mapping[int, int]) -> Iterator[Fix]:
    """Fixes that give the axes of a parameter or buffer, counted from its end, other sizes."""
    if own.origin.kind not in ("parameter", "buffer") or not own.constructed:
        return
    for source in subject.sources.values():
        for call in source.calls:
            written = [argument for argument in call.arguments if not argument.name]
            if (
                not contains(own.constructed[0], call.place)
                or len(written) != len(own.shape)
                or not call.resolved.startswith("torch.")
            ):
                continue
            edits: list[Edit] = []
            for axis, size in sizes.items():
                place = written[axis].place
                ways = ways_to_set_text(subject, place, own.shape[axis], size, callers=own.constructed)
                text, more = subject.text(place).strip(), size - own.shape[axis]
                if (
                    more == 1 and text.isidentifier() and len(own.shape) > 2
                ):  # a class token beside what was counted
                    edits.append(Edit(place, f"{text} + 1"))
                else:
                    edits += ways[0].edits if ways else ()
            if edits:
                yield labelled(subject, edits, means=f"{own.origin.name} as long as what it meets")
