"""A watched script as one page: what was found, then what was seen. No scripts, no network, every word escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import dedent

from markupsafe import Markup

from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.session import Seen
from nnwhy.report.findings import as_sentence, fix_note
from nnwhy.report.html.derivations import derivation_html, place_html
from nnwhy.report.html.policy import policy
from nnwhy.report.html.style import STYLE
from nnwhy.report.watch import found_words, watched_words
from nnwhy.report.watch_tables import seen_html
from nnwhy.report.words import file
from nnwhy.source import line_at, text_at

_RANK = ("error", "warning", "note")
_PAGE_STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1c1e;--quiet:#f5f6f8;--wrong:#b3261e;--warn:#7a4b00;--calm:#0b57d0;--good:#17673a}
@media (prefers-color-scheme:dark){:root{--paper:#15171a;--ink:#e7e8ea;--quiet:#1d2024;--wrong:#ffb4ab;--warn:#f0c27b;--calm:#8ab4f8;--good:#86d7a2}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:74em;padding:1.5rem clamp(.9rem,4vw,2rem) 4rem;overflow-wrap:anywhere}
h1{font:600 1.6rem/1.25 system-ui,sans-serif;margin:0 0 .2em}
h2{font:600 1.2rem/1.3 system-ui,sans-serif;margin:2em 0 .5em}
.finding{background:var(--quiet);border-left:4px solid var(--tone);padding:.6rem .9rem .8rem;margin:0 0 1rem}
.finding.error{--tone:var(--wrong)}.finding.warning{--tone:var(--warn)}.finding.note{--tone:var(--calm)}
.finding .severity{color:var(--tone);font-weight:600}
.nnwhy-out.nnwhy-out .finding h3{margin:.15em 0 .4em}
.nnwhy-out.nnwhy-out .source{overflow-x:auto;margin:.5em 0}
.source mark{background:none;color:inherit;text-decoration:underline 2px var(--tone);text-underline-offset:.25em}
.finding ul{margin:.5em 0 0;padding-left:1.2em}
.nnwhy-out.nnwhy-out .edit{white-space:pre-wrap}
.edit del,.edit ins{display:block;text-decoration:none}
.edit del{color:var(--wrong)}.edit ins{color:var(--good)}
.wide{overflow-x:auto}
.wide td,.wide th{overflow-wrap:normal}
.wide td{min-width:4em}
.nnwhy-out.nnwhy-out td .nnwhy-place{margin-left:0}
"""


def watch_page(seen: Seen) -> str:
    """The whole page, as a text that can be written to a file."""
    style = STYLE + _PAGE_STYLE
    script = Path(seen.report.looked[0]).name if seen.report.looked else "a script"
    findings = sorted(seen.report.findings, key=lambda finding: _RANK.index(finding.severity))
    return str(
        Markup(
            "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
            '<meta http-equiv="Content-Security-Policy" content="{}">\n'
            "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
            "<meta name='color-scheme' content='light dark'>\n<meta name='referrer' content='no-referrer'>\n"
            "<title>{}: {}</title>\n<style>{}</style>\n</head>\n<body>\n<header><h1>{}</h1>"
            "<div class='nnwhy-out'><p>{}: {}</p></div></header>\n<main class='nnwhy-out'>\n{}\n{}\n</main>\n</body>\n</html>\n"
        ).format(
            policy(style),
            script,
            found_words(findings),
            Markup(style),
            script,
            as_sentence(watched_words(seen.session)).rstrip("."),
            found_words(findings),
            _findings(findings),
            seen_html(seen.session),
        )
    )


def _findings(findings: Sequence[Finding]) -> Markup:
    if not findings:
        return Markup("")
    return Markup("<h2>What was found</h2>\n{}").format(Markup("\n").join(map(_finding, findings)))


def _finding(finding: Finding) -> Markup:
    place = finding.place
    at = f"{file(place.path)}:{place.line}:{place.column}" if place else "nowhere in the source"
    return Markup(
        "<article class='finding {}'><h3>{}</h3><p><span class='severity'>{}</span> "
        "<span class='nnwhy-dim'>{}</span> <code>{}</code></p>{}</article>"
    ).format(
        finding.severity, finding.sentence, finding.severity, finding.check, at, Markup("").join(_parts(finding))
    )  # fmt: skip


def _parts(finding: Finding) -> Iterator[Markup]:
    if finding.place is not None:
        yield _source(finding.place)
    told: set[Markup] = set()
    for derivation in finding.derivations:
        tree = derivation_html(derivation)
        if len(derivation.steps) > 1 and tree not in told:
            told.add(tree)
            yield tree
    for reason in (*finding.because, *finding.fits):
        yield Markup("<p>{}</p>").format(as_sentence(reason))
    for place in finding.also[:3]:
        yield Markup("<p class='nnwhy-dim'>see also{} <code>{}</code></p>").format(
            place_html(place), line_at(place.path, place.line).strip()
        )
    if finding.fixes:
        yield Markup("<ul>{}</ul>").format(Markup("").join(map(_fix, finding.fixes[:4])))


def _source(place: Place) -> Markup:
    line = line_at(place.path, place.line)
    if not line:
        return Markup("")
    start = place.column - 1
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    return Markup(
        "<pre class='source'><span class='nnwhy-dim'>{} │ </span>{}<mark>{}</mark>{}</pre>"
    ).format(place.line, line[:start], line[start:end], line[end:])  # fmt: skip


def _fix(fix: Fix) -> Markup:
    note = fix_note(fix, command=False)
    return Markup("<li>{}{}{}</li>").format(
        fix.label,
        Markup(" <span class='nnwhy-dim'>{}</span>").format(note) if note else "",
        Markup("").join(map(_edit, fix.edits[:4])),
    )


def _edit(edit: Edit) -> Markup:
    before = text_at(edit.place)
    return Markup("<code class='edit'>{}{}</code>").format(
        Markup("<del>− {}</del>").format(before) if before else "",
        Markup("<ins>+ {}</ins>").format(dedent(edit.text).strip()) if edit.text.strip() else "",
    )
