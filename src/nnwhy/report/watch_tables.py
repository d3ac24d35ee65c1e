"""What was seen in a watched script, as tables: networks, data, losses, optimizers, parameters, and the order of it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from nnwhy.facts.session import Act, Forward, ParameterState, Session, Values
from nnwhy.report.html.derivations import place_html
from nnwhy.report.words import count, sizes

_MOST_ROWS = 60
_Cell = str | Markup
_ACTS = {
    "zero_grad": "gradients set back",
    "scheduler": "scheduler step",
    "train": "training mode",
    "eval": "evaluation mode",
    "step-in-eval": "a step in evaluation mode",
    "clip": "gradients clipped",
    "unscale": "gradients unscaled",
    "scaler": "step by the gradient scaler",
    "sum": "a loss is added up with its graph",
    "kept": "losses of earlier steps are still held with their graphs",
}


def seen_html(session: Session) -> Markup:
    """All tables that have a row."""
    parts = [
        _table("Networks", ("network", "parameters", "depends on the mode", "made at"), _networks(session)),
        _table("Data", ("loader", "batches of", "order", "workers", "made at"), _loaders(session)),
        _table("Passes", ("network", "mode", "takes", "gives", "times", "called at"), _passes(session)),
        _table("Losses", ("loss", "value", "prediction", "target", "called at"), _losses(session)),
        _table("Optimizers", ("optimizer", "parameters", "rate", "steps", "made at"), _optimizers(session)),
        _table(
            "Parameters at the last step (root mean squares)",
            ("parameter", "shape", "gradient", "change", "weight", "made at"),
            _parameters(session),
        ),
        _table("What happened, in order", ("steps before", "what", "", "at"), _events(session), folded=True),
    ]
    shown = [part for part in parts if part]
    return Markup("<h2>What was seen</h2>\n{}").format(Markup("\n").join(shown)) if shown else Markup("")


def _table(
    title: str, heads: Sequence[str], rows: Iterator[Sequence[_Cell]], *, folded: bool = False
) -> Markup:
    """A table that scrolls sideways where the screen is narrow; the rows past a limit are counted."""
    made = list(rows)
    if not made:
        return Markup("")
    head = Markup("").join(Markup("<th scope='col'>{}</th>").format(name) for name in heads)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row))
        for row in made[:_MOST_ROWS]
    )
    left = len(made) - _MOST_ROWS
    rest = Markup("<p class='nnwhy-dim'>and {} more</p>").format(f"{left:,}") if left > 0 else ""
    table = Markup(
        "<div class='wide'><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>{}"
    ).format(head, body, rest)
    if folded:
        return Markup("<details><summary>{}</summary>{}</details>").format(title, table)
    return Markup("<h3>{}</h3>{}").format(title, table)


def _networks(session: Session) -> Iterator[Sequence[_Cell]]:
    for network in session.networks:
        frozen = network.parameters - network.trainable
        kinds = sorted({layer.type for layer in network.layers})
        yield (
            Markup("<code>{}</code>").format(network.type),
            f"{network.parameters:,}" + (f", {frozen:,} of them frozen" if frozen else ""),
            ", ".join(f"{kind} ({sum(layer.type == kind for layer in network.layers)})" for kind in kinds),
            place_html(network.constructed[0] if network.constructed else None),
        )


def _loaders(session: Session) -> Iterator[Sequence[_Cell]]:
    for loader in session.loaders:
        of = f" of {loader.length:,} samples" if loader.length is not None else ""
        yield (
            f"{loader.id}: " + ("trained on" if loader.trained else "not trained on"),
            (str(loader.batch) if loader.batch is not None else "unknown") + of,
            loader.sampler,
            str(loader.workers),
            place_html(loader.constructed or loader.place),
        )


def _passes(session: Session) -> Iterator[Sequence[_Cell]]:
    """Passes that are alike in one row, with the numbers of the first."""
    groups: dict[tuple[object, ...], list[Forward]] = {}
    for one in session.forwards:
        shapes = tuple((values.shape, values.dtype) for values in one.inputs)
        groups.setdefault((one.network, one.training, one.gradients, one.place, shapes), []).append(one)
    for alike in groups.values():
        first = alike[0]
        yield (
            Markup("<code>{}</code>").format(session.network(first.network).type),
            _mode(first),
            _lines(first.inputs),
            _lines(first.outputs),
            f"{len(alike):,}",
            place_html(first.place),
        )


def _losses(session: Session) -> Iterator[Sequence[_Cell]]:
    for loss in session.losses:
        yield (
            Markup("<code>{}</code>").format(loss.function),
            _number(loss.value),
            _values(loss.prediction),
            _values(loss.target),
            place_html(loss.place),
        )


def _optimizers(session: Session) -> Iterator[Sequence[_Cell]]:
    for optimizer in session.optimizers:
        notes = [
            f"{optimizer.frozen:,} frozen" if optimizer.frozen else "",
            f"{optimizer.strange:,} of no network that was seen" if optimizer.strange else "",
        ]
        yield (
            Markup("<code>{}</code>").format(optimizer.type),
            ", ".join([f"{optimizer.parameters:,}", *filter(None, notes)]),
            _number(optimizer.rate),
            str(sum(step.optimizer == optimizer.id for step in session.steps)),
            place_html(optimizer.place),
        )


def _parameters(session: Session) -> Iterator[Sequence[_Cell]]:
    detailed = [step for step in session.steps if step.parameters]
    for state in detailed[-1].parameters if detailed else ():
        yield (
            Markup("<code>{}</code>").format(state.name or "of no network"),
            sizes(state.shape),
            _number(state.gradient) or ("none" if state.trainable else "frozen"),
            _changed(state),
            _number(state.weight),
            place_html(state.place),
        )


def _changed(state: ParameterState) -> str:
    if state.optimizer is None:
        return "in no optimizer"
    return _number(state.changed)


def _events(session: Session) -> Iterator[Sequence[_Cell]]:
    for kind, index in session.order:
        if kind == "forward":
            one = session.forwards[index]
            yield (
                str(one.step),
                f"pass of {session.network(one.network).type}",
                _mode(one),
                place_html(one.place),
            )
        elif kind == "loss":
            loss = session.losses[index]
            yield str(loss.step), f"loss {loss.function}", _number(loss.value), place_html(loss.place)
        elif kind == "backward":
            back = session.backwards[index]
            yield str(back.step), "backward pass", _number(back.value), place_html(back.place)
        elif kind == "step":
            step = session.steps[index]
            rates = ", ".join(_number(rate) for rate in step.rates[:3])
            yield (
                str(step.number - 1),
                "optimizer step",
                f"rate {rates}" if rates else "",
                place_html(step.place),
            )
        elif kind == "act":
            act = session.acts[index]
            yield str(act.step), _act(act), act.subject, place_html(act.place)


def _act(act: Act) -> str:
    return _ACTS.get(act.kind, act.kind)


def _mode(one: Forward) -> str:
    mode = "training" if one.training else "evaluation"
    return mode + ("" if one.gradients else ", no gradients")


def _lines(values: Sequence[Values]) -> Markup:
    lines = [*map(_values, values[:6]), *([f"and {len(values) - 6} more"] if len(values) > 6 else [])]
    return Markup("<br>").join(lines)


def _values(values: Values) -> str:
    """ "64 × 1 × 28 × 28 float32, 0 to 255, mean 33.3"."""
    text = f"{sizes(values.shape)} {values.dtype}" + (
        "" if values.device == "cpu" else f" on {values.device}"
    )
    if values.minimum is None or values.maximum is None:
        return text
    text += f", {_number(values.minimum)} to {_number(values.maximum)}"
    if values.distinct is not None and values.whole:
        return f"{text}, {count(values.distinct, 'different value')}"
    return text + (f", mean {_number(values.mean)}" if values.mean is not None else ", not all finite")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
