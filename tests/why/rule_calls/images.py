"""Images made larger or smaller, padded, cut into windows and put together again."""

import torch
from torch.nn import functional

from rule_calls import Drawn, calls, found, number, one_of, shape, tensor


@calls("interpolate")
def interpolate(draw, name):
    rank = number(draw, 1, 3)
    x = tensor((number(draw, 1, 2), number(draw, 1, 3), *shape(draw, rank, rank, 2, 8)))
    if one_of(draw, True, False):
        return Drawn(found(name), (x,), {"size": one_of(draw, 5, (6,) * rank)})
    return Drawn(found(name), (x,), {"scale_factor": one_of(draw, 2, 2.0, 0.5, 1.5, (3.0,) * rank)})


@calls("pixel_shuffle", "pixel_unshuffle")
def pixels(draw, name):
    r = number(draw, 1, 3)
    before, c, (h, w) = shape(draw, 0, 2, 1, 2), number(draw, 1, 2), shape(draw, 2, 2)
    sizes = (*before, c * r * r, h, w) if name == "pixel_shuffle" else (*before, c, h * r, w * r)
    return Drawn(found(name), (tensor(sizes), r))


@calls("grid_sample")
def grid_sample(draw, name):
    rank = number(draw, 2, 3)
    n = number(draw, 1, 2)
    x, grid = tensor((n, 2, *shape(draw, rank, rank))), tensor((n, *shape(draw, rank, rank), rank))
    return Drawn(functional.grid_sample, (x, grid), {"align_corners": False})


@calls("affine_grid")
def affine_grid(draw, name):
    rank, n = number(draw, 2, 3), number(draw, 1, 2)
    size = (n, 2, *shape(draw, rank, rank))
    return Drawn(functional.affine_grid, (tensor((n, rank, rank + 1)), size), {"align_corners": False})


@calls("pad", "constant_pad_nd")
def pad(draw, name):
    x = tensor((*shape(draw, 1, 2), *shape(draw, 2, 2, 4, 6)))
    amounts = [number(draw, -1, 3) for _ in range(2 * number(draw, 1, 2))]
    return Drawn(found(name), (x, amounts))


@calls("unfold")
def unfold(draw, name):
    if one_of(draw, True, False):
        x = tensor(shape(draw, 1, 3, 4, 8))
        return Drawn(
            torch.Tensor.unfold, (x, number(draw, -1, x.dim() - 1), number(draw, 1, 4), number(draw, 1, 3))
        )
    batch = (number(draw, 1, 2),) if one_of(draw, True, False) else ()
    given = {
        "stride": one_of(draw, 1, 2, (1, 2)),
        "padding": number(draw, 0, 2),
        "dilation": number(draw, 1, 2),
    }
    x = tensor((*batch, 2, *shape(draw, 2, 2, 5, 9)))
    return Drawn(functional.unfold, (x, one_of(draw, 2, (3, 2))), given)


@calls("fold")
def fold(draw, name):
    size, kernel = (number(draw, 4, 7), number(draw, 4, 7)), one_of(draw, 2, (3, 2))
    batch = (number(draw, 1, 2),) if one_of(draw, True, False) else ()
    columns = functional.unfold(tensor((*batch, 2, *size)), kernel)
    return Drawn(functional.fold, (columns, size, kernel))


@calls("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
def fourier(draw, name):
    x = tensor(shape(draw, 1, 3, 2, 7))
    given = {"n": number(draw, 2, 9)} if one_of(draw, True, False) else {}
    return Drawn(getattr(torch.fft, name), (x,), {**given, "dim": number(draw, -1, x.dim() - 1)})


@calls("fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn")
def fourier_of_several(draw, name):
    x = tensor(shape(draw, 2, 3, 2, 7))
    given = one_of(draw, {}, {"s": (3, 4)}, {"dim": (0, -1)}, {"s": (5, 4), "dim": (0, 1)})
    return Drawn(getattr(torch.fft, name), (x,), given)


@calls("stft")
def stft(draw, name):
    x = tensor((*shape(draw, 0, 1), number(draw, 40, 60)))
    given = {
        "center": one_of(draw, True, False),
        "onesided": one_of(draw, True, False),
        "return_complex": True,
    }
    if one_of(draw, True, False):
        given["hop_length"] = number(draw, 1, 6)
    n_fft = number(draw, 7, 12)
    return Drawn(torch.stft, (x, n_fft), {**given, "window": torch.ones(n_fft)})


@calls("view_as_complex", "view_as_real")
def complex_numbers(draw, name):
    x = tensor((*shape(draw, 1, 3), 2))
    return Drawn(found(name), (x if name == "view_as_complex" else torch.view_as_complex(x),))
