"""The door to torch's fake tensors (a private module of torch)."""

from __future__ import annotations

from typing import Any


def fake_mode(*, symbolic: bool = False) -> Any:
    """A FakeTensorMode that takes real tensors where they appear; `symbolic` adds a ShapeEnv whose sizes are symbols."""
    from torch._subclasses.fake_tensor import FakeTensorMode

    if not symbolic:
        return FakeTensorMode(allow_non_fake_inputs=True)
    from torch.fx.experimental.symbolic_shapes import ShapeEnv

    environment = ShapeEnv(duck_shape=False, specialize_zero_one=False)
    return FakeTensorMode(allow_non_fake_inputs=True, shape_env=environment)


def needs_values(error: BaseException) -> bool:
    """Whether a pass ended because fake tensors have no values, not because of a mistake in the network."""
    module = type(error).__module__
    if isinstance(error, NotImplementedError) or module.startswith(
        ("torch._subclasses", "torch.fx.experimental", "torch._dynamo")
    ):
        return True
    cause = error.__cause__ or error.__context__
    return cause is not None and cause is not error and needs_values(cause)
