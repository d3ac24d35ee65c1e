"""The page as one HTML text: the frame from a template, the data as JSON, style and scripts inlined."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from nnwhy.facts.codec import Json
from nnwhy.facts.page import Page
from nnwhy.report.html.policy import policy
from nnwhy.report.page.data import page_data

SCRIPTS = (
    "elements", "expressions", "network", "source", "lanes", "flow", "derivation", "maps", "bench", "layer", "sizes", "start",
)  # fmt: skip
"""The scripts in the order in which they are joined; they share one scope."""


def page_html(page: Page) -> str:
    """The whole page. Whatever comes from the network stands in it as data or as escaped text, never as markup."""
    style, script = _style(), _script()
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(_text("page.html.jinja"))
    return template.render(
        title=page.explanation.root,
        style=style,
        script=script,
        data=embedded(page_data(page)),
        policy=policy(style, script),
    )


def embedded(data: Json) -> str:
    """JSON that may stand inside a script element: it holds no "<", ">" or "&", and none of the line ends that JavaScript knows beyond JSON's."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@cache
def _style() -> str:
    return _text("page.css")


@cache
def _script() -> str:
    body = "\n".join(_text(f"scripts/{name}.js") for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{body}\n}})();\n'


def _text(name: str) -> str:
    return files("nnwhy.report.page").joinpath(name).read_text(encoding="utf-8")
