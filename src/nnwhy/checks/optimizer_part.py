"""The optimizer gets the parameters of one part of the network only.

## What it finds
`Adam(net.encoder.parameters())` as the only optimizer of the files, where other parts of the network work on what that part gives,
and nothing says that these are to stay as they are (`requires_grad`, `no_grad`, weights that are loaded).

## Why it matters
The other parts keep their first random values for ever. The loss falls all the same, since the one part learns around them, only
not as far.

## Example
    optimizer = torch.optim.Adam(vae.encoder.parameters())

## Use instead
    optimizer = torch.optim.Adam(vae.parameters())

## When it is fine
Where the others are meant to stay as they are: `requires_grad_(False)` on them says so. `# nnwhy: ignore[optimizer-part]` silences it.

## References
- https://docs.pytorch.org/docs/stable/optim.html
- https://github.com/zdebruine/MMVAE/issues/39
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nnwhy.checks.basis.definitions import parsed
from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.loss_flow import kind_at
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall

_MEANT = re.compile(
    r"requires_grad|no_grad|freez|frozen|fixed|pretrain|load_state_dict|torch\.load\(|from_pretrained|weights=|add_param_group|detach"
    r"|random|reservoir",
    re.IGNORECASE,
)


@check(
    name="optimizer-part",
    severity="warning",
    summary="The optimizer gets the parameters of one part of the network only.",
    title="the optimizer gets the parameters of {part} only: {others} {stay} as random as at first",
)
def optimizer_part(subject: Subject) -> Iterator[Finding]:
    trace = subject.trace
    if trace is None or not trace.complete:
        return
    optimizers = [call for source in subject.sources.values() for call in source.calls if _optimizer(call)]
    trained = any(call.function.endswith(".backward") for s in subject.sources.values() for call in s.calls)
    given = _given(subject, optimizers[0]) if len(optimizers) == 1 and trained else None
    if given is None or any(_MEANT.search(s.text) for s in subject.sources.values()):
        return
    whole, part, place = given
    others = _behind(subject, part)
    if others:
        yield Finding(
            check="optimizer-part",
            severity="warning",
            place=place,
            values={
                "part": part,
                "others": " and ".join(others),
                "stay": "stays" if len(others) == 1 else "stay",
            },
            expected=f"{whole}.parameters()",
            actual=f"{whole}.{part}.parameters()",
            fixes=(
                labelled(
                    subject,
                    [Edit(place, f"{whole}.parameters()")],
                    means="trains the whole network",
                    safe=False,
                ),
            ),
            also=(optimizers[0].place,),
        )


def _optimizer(call: SourceCall) -> bool:
    name = call.resolved.rpartition(".")[2]
    return (
        call.resolved.startswith("torch.optim.")
        and name[:1].isupper()
        and "lr_scheduler" not in call.resolved
    )


def _given(subject: Subject, optimizer: SourceCall) -> tuple[str, str, Place] | None:
    """`net`, "encoder" and the place of `net.encoder.parameters()`, where net is the network that is looked at."""
    first = next((a for a in optimizer.arguments if a.name in ("", "params") and not a.starred), None)
    tree = parsed(first.text) if first is not None else None
    if (
        first is None
        or not isinstance(tree, ast.Call)
        or tree.args
        or not isinstance(tree.func, ast.Attribute)
    ):
        return None
    part = tree.func.value
    if tree.func.attr != "parameters" or not isinstance(part, ast.Attribute):
        return None
    where = inside(first.place, part.value)
    known = part.attr in subject.modules and where is not None and kind_at(subject, where) == "network"
    own = subject.trace is not None and optimizer.scope.startswith(f"{subject.trace.root}.")
    whole = ast.unparse(part.value)
    if not known and not (own and whole == "self" and part.attr in subject.modules):
        return None
    return whole, part.attr, first.place


def _behind(subject: Subject, part: str) -> list[str]:
    """The network's other parts with weights that run only after the part has run."""
    first: dict[str, int] = {}
    for call in subject.calls:
        name = call.module.partition(".")[0]
        if call.kind == "module" and name and not name.startswith("<"):
            first.setdefault(name, call.id)
    weighted = {module.path.partition(".")[0] for module in subject.modules.values() if module.parameters}
    if part not in first:
        return []
    return [name for name, call in first.items() if call > first[part] and name in weighted and name != part]


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.encoder = nn.Linear(8, 4)
                self.decoder = nn.Linear(4, 8)

            def forward(self, x):
                return self.decoder(self.encoder(x).relu())

        def train(x):
            net = Net()
            for parameter in net.decoder.parameters():
                parameter.requires_grad = False
            optimizer = torch.optim.SGD(net.encoder.parameters(), lr=0.1)
            (net(x) - x).pow(2).mean().backward()
            optimizer.step()
        """,
        "5,8",
    ),
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Linear(8, 4)
                self.head = nn.Linear(4, 2)

            def forward(self, x):
                return self.head(self.body(x).relu())

        def train(x, y):
            net = Net()
            optimizer = torch.optim.SGD(net.head.parameters(), lr=0.1)
            nn.functional.cross_entropy(net(x), y).backward()
            optimizer.step()
        """,
        "5,8",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.encoder = nn.Linear(8, 4)
                self.decoder = nn.Linear(4, 8)

            def forward(self, x):
                return self.decoder(self.encoder(x).relu())

        def train(x):
            net = Net()
            optimizer = torch.optim.SGD(net.encoder.parameters(), lr=0.1)
            (net(x) - x).pow(2).mean().backward()
            optimizer.step()
        """,
        "5,8",
        at="net.encoder.parameters()",
        fixed="optimizer = torch.optim.SGD(net.parameters(), lr=0.1)",
    ),
)
