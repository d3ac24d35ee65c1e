"""What the tests of the NumPy references share."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

DTYPES = st.sampled_from(["float32", "float64"])
TOLERANCE = {"float32": 2e-5, "float64": 1e-10}


def quick(examples: int) -> settings:
    """Settings for a property test: the same examples in each run, no deadline."""
    checks = [HealthCheck.filter_too_much, HealthCheck.too_slow]
    return settings(max_examples=examples, derandomize=True, deadline=None, suppress_health_check=checks)


def array(shape: tuple[int, ...], dtype: str, *, seed: int = 0) -> torch.Tensor:
    """Normal numbers, the same for the same shape and seed."""
    numbers = np.random.default_rng([seed, *shape]).normal(size=shape)
    return torch.from_numpy(numbers.astype(dtype))


def weights_of(module: torch.nn.Module) -> dict[str, np.ndarray]:
    """The module's parameters, and no buffers, as arrays by name."""
    return {name: parameter.detach().numpy() for name, parameter in module.named_parameters()}


def assert_equal(found: Any, expected: torch.Tensor, *, rtol: float | None = None) -> None:
    """Same shape, type and values."""
    wanted = expected.detach().numpy()
    found = np.asarray(found)
    assert found.shape == wanted.shape
    assert found.dtype == wanted.dtype
    if wanted.dtype.kind == "f":
        tolerance = TOLERANCE[str(wanted.dtype)]
        np.testing.assert_allclose(
            found,
            wanted,
            rtol=max(tolerance, rtol or 0) if wanted.dtype == np.float32 else tolerance,
            atol=tolerance,
        )
    else:
        np.testing.assert_array_equal(found, wanted)
