"""One recorded pass through a network: its modules, tensors and calls, and what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from nnwhy.facts.place import Place
from nnwhy.facts.value import Value

OriginKind = Literal["input", "parameter", "buffer", "attribute", "call", "literal", "unknown"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a tensor came from.

    "input", "parameter", "buffer", "attribute": `name` is its name ("x", "fc1.weight").
    "call": made by call `call`. "literal": made by the user's code outside the recorded calls before the pass.
    "unknown": `cause` says why its maker is not known.
    """

    kind: OriginKind
    name: str = ""
    call: int | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor at one moment; an in-place call makes a new one of these.

    `names` are all names under which a parameter or buffer is registered (more than one where it is shared);
    `constructed` are the places where a parameter was made, innermost first.
    """

    id: int
    shape: tuple[int, ...]
    dtype: str
    origin: Origin
    names: tuple[str, ...] = ()
    device: str = "cpu"
    requires_grad: bool = False
    constructed: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the network: its path ("" for the root), class, constructor arguments, and where it was constructed.

    `arguments` are the constructor's arguments that the module still holds, by the constructor's names.
    `constructed` are the places of the constructing call, innermost first: the expression itself, then its callers.
    `argument_places` are the places of the arguments' expressions in that call.
    `parameters` maps local names ("weight") to tensor ids; `buffers` likewise.
    """

    path: str
    type: str
    qualified_type: str
    arguments: Mapping[str, Value]
    training: bool
    parameters: Mapping[str, int]
    buffers: Mapping[str, int]
    constructed: tuple[Place, ...] = ()
    argument_places: Mapping[str, Place] = field(default_factory=dict[str, Place])
    defined: Place | None = None
    same_as: str = ""


CallKind = Literal["function", "module", "autograd"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a function or a module.

    `name` is the short name ("max_pool2d", "Conv2d"), `function` the full one ("torch.nn.functional.max_pool2d").
    `module` is the path of the called module, or for a function that of the module in whose forward it stands.
    `result` has the structure of what was returned; `outputs` are its tensors.
    `failure` is the index of the failure that this call met; `stand_in` says that its result was made up by us to go on.
    """

    id: int
    kind: CallKind
    name: str
    function: str
    module: str
    parent: int | None
    arguments: Mapping[str, Value]
    result: Value
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    place: Place | None
    failure: int | None = None
    stand_in: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that raised: the exception's type and text, as PyTorch or the user's code worded it."""

    call: int | None
    type: str
    message: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class NetworkInput:
    """One argument of the network's forward and the tensors in it. `letters` names the free sizes ("N"), None where fixed."""

    name: str
    value: Value
    letters: tuple[str | None, ...] = ()


PassKind = Literal["real", "meta", "fake"]


@dataclass(frozen=True, slots=True)
class Pass:
    """How the network was run: on real values, on the meta device (shapes only) or on fake tensors; and why this way."""

    kind: PassKind
    reason: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A recorded pass. Ids of calls and tensors are their positions. A failed pass is a trace too."""

    root: str
    how: Pass
    training: bool
    inputs: tuple[NetworkInput, ...]
    result: Value
    modules: tuple[Module, ...]
    tensors: tuple[Tensor, ...]
    calls: tuple[Call, ...]
    failures: tuple[Failure, ...]
    complete: bool = True

    def module(self, path: str) -> Module:
        """The module at `path`. Raises KeyError."""
        for module in self.modules:
            if module.path == path:
                return module
        raise KeyError(path)
