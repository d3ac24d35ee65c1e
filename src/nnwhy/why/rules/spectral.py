"""Fourier transforms, and complex numbers as pairs."""

from __future__ import annotations

from collections.abc import Callable

from nnwhy.facts.expression import Expression, add, evaluate, floor_divide, multiply, subtract
from nnwhy.why.registry import Axis, rule
from nnwhy.why.site import Site


def _transformed(site: Site) -> tuple[list[Expression], tuple[int, ...]]:
    """The sizes with the lengths that were asked for, and the transformed axes."""
    x = list[Expression](site.sizes("input"))
    if site.call.name.endswith("2"):
        axes = site.axes("dim", len(x)) if site.has("dim") else (len(x) - 2, len(x) - 1)
    elif site.call.name.endswith("n"):
        wanted = len(site.elements("s")) if site.has("s") else len(x)
        axes = site.axes("dim", len(x)) if site.has("dim") else tuple(range(len(x)))[-wanted:]
    else:
        axes = (site.axis("dim", len(x), -1),)
        if site.has("n"):
            x[axes[0]] = site.number("n")
    if site.has("s"):
        for axis, size in zip(axes, site.elements("s"), strict=True):
            x[axis] = size
    return x, axes


@rule("fft", "ifft", "fft2", "ifft2", "fftn", "ifftn")
def fourier(site: Site) -> tuple[Axis, ...]:
    """As many frequencies as steps."""
    return tuple(_transformed(site)[0])


@rule("rfft", "rfft2", "rfftn", "ihfft")
def real_fourier(site: Site) -> tuple[Axis, ...]:
    """Of real numbers, half of the frequencies say it all: ⌊n / 2⌋ + 1 on the last axis."""
    return _changed(site, lambda size: add(floor_divide(size, 2), 1))


@rule("irfft", "irfft2", "irfftn", "hfft")
def inverse_real_fourier(site: Site) -> tuple[Axis, ...]:
    """Back from half of the frequencies: 2·(m − 1) steps on the last axis, or as many as asked for."""
    if site.has("n") or site.has("s"):
        return tuple(_transformed(site)[0])
    return _changed(site, lambda size: multiply(2, subtract(size, 1)))


def _changed(site: Site, change: Callable[[Expression], Expression]) -> tuple[Axis, ...]:
    x, axes = _transformed(site)
    x[axes[-1]] = change(x[axes[-1]])
    return tuple(x)


@rule("stft")
def stft(site: Site) -> tuple[Axis, ...]:
    """(…, length) → (…, ⌊n_fft / 2⌋ + 1, frames): a Fourier transform every `hop_length` steps.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.stft.html
    """
    x, n_fft = site.sizes("input"), site.number("n_fft")
    hop = site.number("hop_length") if site.has("hop_length") else floor_divide(n_fft, 4)
    half = site.flag("onesided", True)
    frequencies = add(floor_divide(n_fft, 2), 1) if half else n_fft
    length: Expression = x[-1]
    if site.flag("center", True):
        inner = length if evaluate(n_fft) % 2 == 0 else subtract(length, 1)
    else:
        inner = subtract(length, n_fft)
    frames = add(floor_divide(inner, hop), 1)
    pairs = () if site.flag("return_complex", True) else (2,)
    return (*x[:-1], frequencies, frames, *pairs)


@rule("view_as_complex")
def view_as_complex(site: Site) -> tuple[Axis, ...]:
    """(…, 2) → (…): a pair is one complex number."""
    return site.sizes("input")[:-1]


@rule("view_as_real")
def view_as_real(site: Site) -> tuple[Axis, ...]:
    """(…) → (…, 2): a complex number is a pair."""
    return (*site.sizes("input"), 2)
