"""A ReLU cuts off the negative scores that the loss needs.

## What it finds
A ReLU between the last linear layer (or convolution) and a softmax, a sigmoid, a cross-entropy or a binary cross-entropy.

## Why it matters
A raw score says with its sign and size how sure the network is against a class. Behind a ReLU it can at worst say "no
opinion": a sigmoid never falls below 0.5, and where all scores of a sample are negative no gradient comes back.

## Example
    return F.log_softmax(F.relu(self.fc2(x)), dim=1)

## Use instead
    return F.log_softmax(self.fc2(x), dim=1)

## When it is fine
In a hidden layer, and where the answer itself cannot be negative. `# nnwhy: ignore[relu-on-logits]` silences it.

## References
- https://cs231n.github.io/neural-networks-1/#layers
- https://discuss.pytorch.org/t/9794
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.endings import behind, ending, loss_calls
from nnwhy.checks.basis.following import place_of_step
from nnwhy.checks.basis.loss_flow import kind_of, loss_of_network, place_of_loss
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.scored import scored
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.taking_out import made_last, own_construction, taken_out
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call
from nnwhy.facts.value import tensors_in

_RELU = ("relu", "relu_", "relu6")
_SCORES = ("linear", "conv1d", "conv2d", "conv3d", "bilinear", "addmm")
_SQUASHING = ("softmax", "log_softmax", "sigmoid", "logsigmoid")
_LOSSES = ("cross_entropy", "binary_cross_entropy_with_logits")


@check(
    name="relu-on-logits",
    severity="warning",
    summary="A ReLU cuts off the negative scores that the loss needs.",
    title="{relu} cuts off all negative scores before {next}",
)
def relu_on_logits(subject: Subject) -> Iterator[Finding]:
    told: set[Place] = set()
    for relu, following, loss in _found(subject):
        outer, layer = subject.user_call(relu).place, subject.layer(relu)
        made = place_of_step(subject, relu)
        place = outer if subject.owned(outer) else made
        if layer is not None and layer.constructed:
            # A block's class makes it for every block: which block it is counts.
            own = own_construction(subject, layer)
            place = own if own is not None and own != layer.constructed[0] else place
            if own is None:  # made in a loop, like the others
                whole = made_last(subject, layer)
                place = whole.place if whole is not None else place
        if place is None or place in told or not subject.owned(place):
            continue
        told.add(place)
        yield Finding(
            check="relu-on-logits",
            severity="warning",
            place=place,
            values={"relu": (layer.path if layer else "") or relu.name, "next": following},
            expected="raw scores, of either sign",
            actual="numbers that are 0 or more",
            because=(
                "with it the network cannot say no to a class, and where all scores are cut off nothing is learned",
            ),
            fixes=tuple(taken_out(subject, relu)),
            also=tuple(other for other in (loss, made) if other is not None and other != place),
            module=layer.path if layer else "",
        )


def _found(subject: Subject) -> Iterator[tuple[Call, str, Place | None]]:
    """Each such ReLU, what comes behind it, and the place of the loss."""
    trained = loss_of_network(subject)
    kind = kind_of(trained)
    written = place_of_loss(trained) if trained is not None else None
    single = subject.trace is not None and len(list(tensors_in(subject.trace.result))) == 1
    for path in ending(subject):
        if len(path) > 2 and path[0].name in _SQUASHING and _cuts(path[1], path[2]):
            yield path[1], path[0].name, None
        elif len(path) > 1 and kind in _LOSSES and single and _cuts(path[0], path[1]):
            yield path[0], kind, written
    for applied, tensor in scored(subject):
        path = _without_norm(behind(subject, tensor))
        if applied.kind in _LOSSES and len(path) > 1 and _cuts(path[0], path[1]):
            yield path[0], applied.kind, place_of_loss(applied)
    for loss in loss_calls(subject, *_LOSSES):
        for tensor in tensors_in(loss.arguments.get("input")):
            path = _without_norm(behind(subject, tensor))
            if len(path) > 1 and _cuts(path[0], path[1]):
                yield path[0], loss.name, loss.place


def _without_norm(path: list[Call]) -> list[Call]:
    """A batch norm before the ReLU does not change that it cuts off."""
    return [path[0], *path[2:]] if len(path) > 2 and path[1].name == "batch_norm" else path


def _cuts(relu: Call, scores: Call) -> bool:
    return relu.name in _RELU and scores.name in _SCORES


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
        criterion = nn.CrossEntropyLoss()
        """,
        "5,4",
        entry="net",
    ),
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1), nn.ReLU())
        criterion = nn.MSELoss()
        """,
        "5,4",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.Linear(4, 8)
                self.two = nn.Linear(8, 3)

            def forward(self, x):
                x = F.relu(self.one(x))
                return F.log_softmax(F.relu(self.two(x)), dim=1)
        """,
        "5,4",
        at="F.relu(self.two(x))",
        fixed="return F.log_softmax(self.two(x), dim=1)",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3), nn.ReLU())
        criterion = nn.CrossEntropyLoss()
        """,
        "5,4",
        at="nn.ReLU()",
        nth=1,
        fixed="net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))",
        entry="net",
    ),
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Block(nn.Module):
            def __init__(self, wide, narrow):
                super().__init__()
                self.layers = nn.Sequential(nn.Conv2d(wide, narrow, 1, bias=False), nn.BatchNorm2d(narrow), nn.ReLU())

            def forward(self, x):
                return self.layers(x)

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = Block(3, 8)
                self.score = Block(8, 2)
                self.boxes = nn.Conv2d(8, 8, 1)

            def forward(self, x):
                x = self.body(x)
                return self.score(x), self.boxes(x)

        def loss(net, image, labels, wanted):
            score, boxes = net(image)
            return F.binary_cross_entropy_with_logits(score, labels) + F.smooth_l1_loss(boxes, wanted)

        net = Net()
        """,
        "5,3,8,8",
        at="Block(8, 2)",
        fixed="self.score.layers[2] = nn.Identity()",
        entry="net",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, sizes=(4, 8, 8, 3)):
                super().__init__()
                layers = []
                for a, b in zip(sizes, sizes[1:]):
                    layers.append(nn.Linear(a, b))
                    layers.append(nn.ReLU())
                self.net = nn.Sequential(*layers)

            def forward(self, x):
                return self.net(x)

        criterion = nn.CrossEntropyLoss()
        """,
        "5,4",
        at="nn.Sequential(*layers)",
        fixed="self.net = nn.Sequential(*layers[:-1])",
    ),
)
