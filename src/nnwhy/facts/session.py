"""What was seen while a training script ran: networks, data, losses, gradients, steps. Numbers and places, no tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nnwhy.facts.finding import Report
from nnwhy.facts.place import Place


@dataclass(frozen=True, slots=True)
class Values:
    """A tensor at one moment. Of an empty or complex tensor, or one on the meta device, the numbers are None.

    `whole`: every value is a whole number. `distinct`: how many different values a tensor of whole numbers has.
    `sorted`: whether a list of whole numbers never falls. `finite`: no infinity and no not-a-number.
    """

    shape: tuple[int, ...]
    dtype: str
    device: str = "cpu"
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    deviation: float | None = None
    whole: bool = False
    finite: bool = True
    distinct: int | None = None
    sorted: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """One call in the history of a tensor: the function's name, where it stands, the layer ("net.fc1") in which.

    `cuts`: its inputs had a gradient, its result has none. `no_grad`: it ran where gradients are switched off.
    `axis` is that of a softmax. `constructed` is where the torch layer that made the call was constructed; `off` where the
    script switched gradients off.
    """

    name: str
    place: Place | None
    layer: str = ""
    cuts: bool = False
    no_grad: bool = False
    axis: int | None = None
    constructed: Place | None = None
    off: Place | None = None


@dataclass(frozen=True, slots=True)
class ModeLayer:
    """A layer that behaves differently in training: dropout (with its probability) or a batch norm.

    `trainable`: some parameter of it takes a gradient; None where it has no parameters.
    """

    path: str
    type: str
    training: bool
    probability: float | None = None
    trainable: bool | None = None
    statistics: bool = True


@dataclass(frozen=True, slots=True)
class NetworkSeen:
    """A module that the script called itself. `layers` are those that depend on the mode, when it was first seen.

    `alike` names weights whose rows are all the same. `constructed` is where it was made, innermost first. `padding` are the
    padding indices of its embeddings; `misspelt` the attributes of its parameters that only look
    like `requires_grad`; `flat_norms` the batch norms that meet one value a channel and sample.
    """

    id: int
    type: str
    parameters: int
    trainable: int
    layers: tuple[ModeLayer, ...]
    alike: tuple[str, ...] = ()
    constructed: tuple[Place, ...] = ()
    padding: tuple[int, ...] = ()
    misspelt: tuple[str, ...] = ()
    flat_norms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Activation:
    """What a rectifier gave in one pass: the share of its units (channels) that were zero for the whole batch."""

    layer: str
    function: str
    units: int
    dead: int
    place: Place | None


@dataclass(frozen=True, slots=True)
class Forward:
    """One call of a network. `step` counts the optimizer steps before it.

    `gradients`: whether they were switched on. `trained`: a backward pass followed from its result. `used`: its result
    went into a trained loss without a gradient. `active` are layers in training mode. `loader` is where its data came from;
    `readers` are the functions that take its inputs first; `memory` the bytes of its intermediate results that have a gradient.
    `fed`: its result went into a pass of another network. `cut_anew`: the shape (N, H, W, C) of images whose memory the input
    reads as (N, C, H, W), () if it does not. `scaled`: the division that the input comes from.
    """

    network: int
    step: int
    training: bool
    gradients: bool
    place: Place | None
    inputs: tuple[Values, ...]
    outputs: tuple[Values, ...]
    active: tuple[ModeLayer, ...] = ()
    activations: tuple[Activation, ...] = ()
    trained: bool = False
    used: bool = False
    loader: int | None = None
    readers: tuple[str, ...] = ()
    memory: int = 0
    fed: bool = False
    cut_anew: tuple[int, ...] = ()
    scaled: Place | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """Class numbers that a loss takes as target, against the whole numbers that the network read, both (batch, length) or
    (length, batch).

    `shift`: 0 where they are the same, 1 where each is the input's next one, else None. `ahead`: whether a result depends on
    later inputs, None where that was not tried; `reader` is where the network looks along the sequence. `padding`: the number
    that fills the ends of `rows` rows and stands nowhere else, None if there is none.
    """

    shift: int | None
    ahead: bool | None = None
    reader: Place | None = None
    padding: int | None = None
    rows: int = 0


@dataclass(frozen=True, slots=True)
class LossCall:
    """A call of a loss function. `history` leads from the prediction back to its network, nearest first.

    `cut_anew`: the shape of the map of scores whose memory the prediction reads in rows that hold no place's scores, () if it
    does not. `cut_from`: the whole list of class numbers that the target is a slice of. `loader`: the one whose batch the target is
    itself, None where it is a part of one or none. `apart`: the two draws of an order, one for the network's input and one for the
    target, () where there are not two. `reads`: the loader that gave the input of the prediction's own
    pass as a whole batch. `itself`: the prediction is a table of the samples' likeness to themselves, and no target lies on its
    diagonal. `gradient`: what it gave has one. `grown`: where the target of a column of predictions became several numbers a row,
    by the operand `wide` (0 or 1; else -1). `target_origin`: the call that made the target, changes of its form aside. `tokens`: how the
    target's whole numbers lie to those that the network read. `filled`: of the rows of whole
    numbers that the network read, how many end in at least two of the same filling, how many there are, and the number that fills, () where none do. `told`: what is to be told of each row's window is a number of the window's last step.
    """

    function: str
    step: int
    place: Place | None
    prediction: Values
    target: Values
    value: float | None
    history: tuple[Made, ...]
    settings: Mapping[str, float | int | str | None] = field(
        default_factory=dict[str, float | int | str | None]
    )
    trained: bool = False
    from_network: bool = True
    prediction_place: Place | None = None
    target_place: Place | None = None
    cut_anew: tuple[int, ...] = ()
    cut_from: Values | None = None
    loader: int | None = None
    apart: tuple[Place, ...] = ()
    tokens: Tokens | None = None
    target_origin: Place | None = None
    reads: int | None = None
    itself: bool = False
    gradient: bool = False
    grown: Place | None = None
    wide: int = -1
    filled: tuple[int, int, int] | tuple[()] = ()
    told: bool = False


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A subtraction or comparison of a prediction (N, 1) and a target (N), or the other way, that made (N, N)."""

    function: str
    left: tuple[int, ...]
    right: tuple[int, ...]
    result: tuple[int, ...]
    place: Place | None


@dataclass(frozen=True, slots=True)
class Backward:
    """A backward pass. `cuts` are calls between the networks and the loss that let no gradient through.

    `stale`: the optimizers (ids) whose parameters still held the gradients of their last step. `networks` are those that a
    gradient reaches. `moved`: their weights are no longer what they were at the backward pass before.
    """

    step: int
    place: Place | None
    value: float | None
    shape: tuple[int, ...]
    history: tuple[Made, ...]
    cuts: tuple[Made, ...] = ()
    stale: tuple[int, ...] = ()
    networks: tuple[int, ...] = ()
    moved: bool = False


@dataclass(frozen=True, slots=True)
class ParameterState:
    """A parameter of a network at an optimizer step. `gradient` and `weight` are root mean squares; None: there is none.

    `changed` is the root mean square of the step's change; `optimizer` is the optimizer that holds it, None if none does.
    `place` is where its layer was constructed.
    """

    name: str
    shape: tuple[int, ...]
    trainable: bool
    optimizer: int | None
    gradient: float | None
    weight: float | None
    changed: float | None = None
    network: int | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class OptimizerStep:
    """One step of an optimizer. `backwards` counts the backward passes since its last step."""

    optimizer: int
    number: int
    place: Place | None
    backwards: int
    rates: tuple[float, ...]
    parameters: tuple[ParameterState, ...]
    erased: bool = False
    cleared: bool = True


@dataclass(frozen=True, slots=True)
class OptimizerSeen:
    """An optimizer and what it holds.

    `strange` counts those of its parameters that belong to no network, `frozen` those that take no gradient.
    `made` counts how many optimizers were made at this place; `twin` is an earlier one that holds the very same.
    """

    id: int
    type: str
    place: Place | None
    parameters: int
    frozen: int = 0
    strange: int = 0
    made: int = 1
    rate: float | None = None
    twin: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done: "zero_grad", "scheduler", "train", "eval", "clip", "unscale", "scaler", "sent" (a module to a device
    or type), "constant" (the same tensor to a device or type), "ineffective" (an attribute set on a
    module or optimizer that only looks like a setting), "seed" (`number`), "itself" (a tensor or module
    was moved towards the same memory), "padding-shown" (attention hid all but the filling), "normalised" (rows of samples scaled along
    the batch), "sampled" (a sample without a way back went into layers), "part-cut" (a term of a loss lost its gradient), "weighted" (loss
    call `number` was multiplied by a function of its own exponential), "bootstrapped" (a gradient goes back through a target),
    "advantage" (factor `number` of a policy's loss has the gradient of network `subject`, the critic),
    "turned" (a divergence is taken away), "carried" (pass `number` began with a state that an earlier one left), "nothing-loaded" (of a
    state with `number` names none fits); or was noticed: "sum" (a
    loss added to those of earlier steps with its graph), "kept" (`number` losses of earlier steps are still held with theirs), "left"
    (what pass `number` gave became an array or a list, by the function `subject`).
    `subject` says what it was done to; `place` where."""

    kind: str
    step: int
    place: Place | None
    subject: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class LoaderSeen:
    """A DataLoader when it was first iterated. `transforms` are the names of its data set's transforms;
    `generators` attributes of the data set that are random generators, which every worker gets as an equal copy. `same` counts
    batches, of the first few, that hold one sample over and over. `generator`: its order is drawn from a generator of its own.
    `picked` is where its samples were picked from a larger data set, `common` how many it shares with loaders before it, by their ids.
    `changed` names the attributes of its data set whose numbers are others after the first batch; `drawn` is the method that gives a sample
    ("Pictures.__getitem__")."""

    id: int
    place: Place | None
    constructed: Place | None
    length: int | None
    batch: int | None
    sampler: str
    drop_last: bool
    workers: int
    transforms: tuple[str, ...] = ()
    generators: tuple[str, ...] = ()
    seeded: str = ""
    trained: bool = False
    labels: tuple[Values, ...] = ()
    batches: int = 0
    iterable: bool = False
    same: int = 0
    generator: bool = False
    picked: Place | None = None
    common: tuple[tuple[int, int], ...] = ()
    changed: tuple[str, ...] = ()
    drawn: str = ""


@dataclass(frozen=True, slots=True)
class SchedulerSeen:
    """A learning rate scheduler. `settings` are its numbers ("T_max", "gamma", …; of milestones the last), `steps` counts the
    script's own calls of `step` while watched, `stepped` is the place of the first; `rate` is the learning rate that it begins
    with, None where it sets none; `optimizer` is the id of its optimizer."""

    type: str
    place: Place | None
    settings: Mapping[str, float] = field(default_factory=dict[str, float])
    steps: int = 0
    stepped: Place | None = None
    rate: float | None = None
    optimizer: int | None = None


@dataclass(frozen=True, slots=True)
class NotFinite:
    """The first call that made an infinity or a not-a-number from finite values. `cause` is its input."""

    name: str
    place: Place | None
    layer: str
    cause: Values | None
    step: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that was seen. `order` is the order of events: their kind ("forward", "backward", "step", "loss", "act") and index in its list.

    `steps` counts optimizer steps; `ended` says why watching ended: "steps", "exit", "crash", "stop".
    """

    networks: tuple[NetworkSeen, ...] = ()
    forwards: tuple[Forward, ...] = ()
    losses: tuple[LossCall, ...] = ()
    broadcasts: tuple[Broadcast, ...] = ()
    backwards: tuple[Backward, ...] = ()
    steps: tuple[OptimizerStep, ...] = ()
    optimizers: tuple[OptimizerSeen, ...] = ()
    acts: tuple[Act, ...] = ()
    loaders: tuple[LoaderSeen, ...] = ()
    schedulers: tuple[SchedulerSeen, ...] = ()
    not_finite: tuple[NotFinite, ...] = ()
    order: tuple[tuple[str, int], ...] = ()
    ended: str = "exit"
    seconds: float = 0.0
    evaluated: bool = False

    def network(self, number: int) -> NetworkSeen:
        """The network of that id. Raises StopIteration where there is none."""
        return next(network for network in self.networks if network.id == number)


@dataclass(frozen=True, slots=True)
class Seen:
    """A watched script: what was seen and what was found."""

    session: Session
    report: Report
