"""Embeddings: the vectors of the entries that occur, in a plane."""

from __future__ import annotations

import torch

from nnwhy.facts.picture import Numbers, Plane, Point, Row
from nnwhy.show.maps import picture, tile
from nnwhy.show.measures import deviation, mean
from nnwhy.show.registry import NotShown, kind
from nnwhy.show.seen import Seen, Told, readable

_POINTS = 40
_VECTORS = 16


@kind("Embedding")
def tell(seen: Seen) -> Told:
    """The entries that occur in the data as points (the two directions in which they differ most) and as rows of numbers."""
    weight = getattr(seen.layer, "weight", None)
    if not isinstance(weight, torch.Tensor) or seen.x.is_floating_point():
        raise NotShown
    used = list(dict.fromkeys(seen.x.flatten().tolist()))
    shown = used[:_POINTS]
    vectors = readable(weight[torch.tensor(shown, device=weight.device)])
    names = _names(seen, shown)
    points, share = _plane(vectors)
    rows = vectors[:_VECTORS]
    norms = vectors.norm(dim=1)
    closest = _closest(vectors)
    near = f" Nearest to each other are {names[closest[0]]} and {names[closest[1]]}." if closest else ""
    return Told(
        f"Each entry is replaced by its own {vectors.shape[1]} numbers: a point; entries used alike should lie close together.{near}",
        (
            Plane(
                f"{len(shown)} of the {len(used)} entries that occur",
                tuple(
                    Point(name, float(x), float(y))
                    for name, (x, y) in zip(names, points.tolist(), strict=True)
                ),
                "the direction in which they differ most",
                "the second one",
                f"the plane holds {share:.0%} of their differences",
            ),
            picture(
                f"the vectors of {len(rows)} entries, one a row: {', '.join(names[: len(rows)])}",
                [tile("", rows)],
                scale=[rows],
                signed=True,
            ),
        ),
        (
            Numbers(
                "",
                ("",),
                (
                    Row("entries in the table", (weight.shape[0],)),
                    Row("entries that occur here", (len(used),)),
                    Row("mean of their values", (mean(vectors),)),
                    Row("standard deviation", (deviation(vectors),)),
                    Row("mean length of a vector", (mean(norms),)),
                ),
            ),
        ),
    )


def _names(seen: Seen, shown: list[int]) -> list[str]:
    """The token of each entry where the text is known, else its number."""
    first = seen.x.flatten().tolist()
    known = dict(zip(first, seen.tokens, strict=False))
    return [known.get(entry, str(entry)) for entry in shown]


def _plane(vectors: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Principal components: (points, 2), and the share of the variance that they hold."""
    centred = vectors.double() - vectors.double().mean(0)
    if len(vectors) < 2 or not bool(centred.any()):
        return torch.zeros(len(vectors), 2), 1.0
    left, sizes, _ = torch.linalg.svd(centred, full_matrices=False)
    points = left[:, :2] * sizes[:2]
    if points.shape[1] < 2:
        points = torch.cat([points, torch.zeros(len(points), 1)], 1)
    return points, float((sizes[:2] ** 2).sum() / (sizes**2).sum())


def _closest(vectors: torch.Tensor) -> tuple[int, int] | None:
    if len(vectors) < 3:
        return None
    distances = torch.cdist(vectors, vectors)
    distances.fill_diagonal_(float("inf"))
    place = int(distances.argmin())
    return divmod(place, len(vectors))
