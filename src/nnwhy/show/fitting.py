"""Images made to fit the input of a network; each change is told."""

from __future__ import annotations

from math import isqrt

import torch
import torch.nn.functional as F

from nnwhy.facts.contract import InputSpec


def fitted(images: torch.Tensor, spec: InputSpec) -> tuple[torch.Tensor, str]:
    """Images (N, C, H, W) as the input `spec`: channels repeated or averaged, resized, flattened, as it needs.

    Sizes of `spec` that are letters are free. Returns the tensor and what was done, "" where nothing was.
    """
    sizes = spec.sizes
    done: list[str] = []
    if len(sizes) == 4:
        images = _channels(images, sizes[1], done)
        images = _resized(images, sizes[2], sizes[3], done)
    elif len(sizes) == 3:
        images = _resized(_channels(images, 1, done), sizes[1], sizes[2], done)[:, 0]
        done.append("the rows of an image are the steps of a sequence")
    elif len(sizes) == 2:
        images = _vectors(images, sizes[1], done)
    return images, ", ".join(done)


def _channels(images: torch.Tensor, wanted: int | str, done: list[str]) -> torch.Tensor:
    if not isinstance(wanted, int) or images.shape[1] == wanted:
        return images
    if wanted == 1:
        done.append("colours averaged to grey")
        return images.mean(1, keepdim=True)
    done.append(f"the {images.shape[1]} channel{'s' if images.shape[1] > 1 else ''} repeated to {wanted}")
    return images.repeat(1, -(-wanted // images.shape[1]), 1, 1)[:, :wanted]


def _resized(images: torch.Tensor, high: int | str, wide: int | str, done: list[str]) -> torch.Tensor:
    target = tuple(
        wanted if isinstance(wanted, int) else now
        for wanted, now in zip((high, wide), images.shape[2:], strict=True)
    )
    if target == tuple(images.shape[2:]):
        return images
    done.append(f"resized from {images.shape[2]}×{images.shape[3]} to {target[0]}×{target[1]}")
    return F.interpolate(images, size=target, mode="bilinear", align_corners=False, antialias=True)


def _vectors(images: torch.Tensor, wanted: int | str, done: list[str]) -> torch.Tensor:
    """Flat vectors; where the size is another one, as the nearest square picture, with zeros at the end if need be."""
    if isinstance(wanted, int) and images[0].numel() != wanted:
        grey = _channels(images, 1, done)
        side = max(isqrt(wanted), 1)
        grey = _resized(grey, side, side, done)
        vectors = grey.flatten(1)
        if side * side != wanted:
            done.append(f"{wanted - side * side} zeros added to make {wanted} values")
            vectors = F.pad(vectors, (0, wanted - side * side))
        return vectors
    done.append(f"flattened to {images[0].numel()} values")
    return images.flatten(1)
