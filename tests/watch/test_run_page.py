"""`nnwhy run --html` writes one page: all that was found and seen, nothing from elsewhere, every name only text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

from nnwhy.facts.finding import Finding, Report
from nnwhy.facts.place import Place
from nnwhy.facts.session import OptimizerStep, ParameterState, Seen, Session
from nnwhy.report.html.policy import policy
from nnwhy.report.watch_page import watch_page

ROOT = Path(__file__).parents[2]
EVIL = "<img src=x onerror=alert(1)>"
VOID = {"meta", "br"}

SCRIPT = f"""
import torch
from torch import nn

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.add_module("{EVIL.replace(".", "")}", nn.Linear(3, 8))
        self.last = nn.Linear(8, 1)

    def forward(self, x):
        return self.last(torch.relu(next(self.children())(x)))


Net.__name__ = "{EVIL}"
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(6):
    x = torch.randn(8, 3)
    loss = nn.functional.mse_loss(net(x), x.sum(1, keepdim=True))
    loss.backward()
    optimizer.step()
    {{end}}
"""


class Reader(HTMLParser):
    """Every tag with its attributes, the text, and whether all that opens closes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "nnwhy", "run", *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120
    )  # fmt: skip


def harmless(page: str) -> Reader:
    """The page read, nothing in it that acts or fetches."""
    reader = Reader(page)
    tags = {tag for tag, _ in reader.tags}
    assert not tags & {"script", "img", "link", "iframe", "object", "form", "a", "svg"}
    for _, attributes in reader.tags:
        assert not any(name.startswith("on") or name in ("src", "href", "style") for name in attributes)
    assert "url(" not in page and "@import" not in page and "http:" not in page and "https:" not in page
    return reader


def test_the_page_tells_what_was_found_and_seen_and_a_name_is_never_markup(tmp_path: Path) -> None:
    script = tmp_path / "<img onerror=alert(2)>.py"
    script.write_text(SCRIPT.format(end="pass"))
    done = run("--html", "report.html", script.name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "gradients-accumulate" in done.stderr, done.stderr
    page = (tmp_path / "report.html").read_text()
    text = " ".join(harmless(page).words)
    line = next(n for n, words in enumerate(script.read_text().splitlines(), 1) if ".backward()" in words)
    assert f"{script.name}:{line}:5" in text
    assert "loss.backward()" in text
    assert "Watched 3 optimizer steps and 3 passes: 1 warning" in text
    for words in ("8 × 3 float32", "mse_loss", "SGD", "last.weight", "optimizer step", f"pass of {EVIL}"):
        assert words in text
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_the_page_allows_its_own_style_and_nothing_else() -> None:
    page = watch_page(Seen(Session(), Report((), looked=("train.py",))))
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    metas = [attributes for tag, attributes in harmless(page).tags if tag == "meta"]
    (allowed,) = (m["content"] for m in metas if m.get("http-equiv") == "Content-Security-Policy")
    assert allowed == policy(style)
    assert "default-src 'none'" in policy(style) and "script-src" not in policy(style)
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in metas
    assert "prefers-color-scheme:dark" in style
    assert "Watched no training: nothing found" in " ".join(harmless(page).words)


def test_every_text_of_a_finding_and_of_a_session_is_escaped() -> None:
    place = Place(f"/nowhere/{EVIL}.py", 3, 1, 3, 5)
    finding = Finding(
        "loss-target", "error", place, {"name": EVIL}, because=(EVIL,), fits=(EVIL,), also=(place,), title="the {name} is lost"
    )  # fmt: skip
    state = ParameterState(EVIL, (2, 2), True, 0, 0.5, 1.25, 0.125, 0, place)
    session = Session(steps=(OptimizerStep(0, 1, place, 1, (0.1,), (state,)),), order=(("step", 0),))
    page = watch_page(Seen(session, Report((finding,), looked=(EVIL,))))
    text = "".join(harmless(page).words)
    assert text.count(EVIL) >= 8
    assert "2 × 2" in text and "0.125" in text


def test_the_page_is_written_when_the_steps_are_over_also_if_the_script_moves_and_is_killed(
    tmp_path: Path,
) -> None:
    (tmp_path / "sub").mkdir()
    end = "import os; os.chdir(os.path.join(os.path.dirname(__file__), 'sub')); _ == 4 and os._exit(3)"
    (tmp_path / "train.py").write_text(SCRIPT.format(end=end))
    done = run("--html", "report.html", "train.py", cwd=tmp_path)
    assert done.returncode == 3
    assert "gradients-accumulate" in (tmp_path / "report.html").read_text()
    assert list((tmp_path / "sub").iterdir()) == []


def test_a_crash_stands_in_the_page_with_its_derivation_and_fix(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        "import torch\nfrom torch import nn\n"
        "net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(100, 10))\n"
        "net(torch.randn(2, 1, 28, 28))\n"
    )
    done = run("--html", "report.html", "train.py", cwd=tmp_path)
    assert done.returncode == 1
    text = " ".join(harmless((tmp_path / "report.html").read_text()).words)
    assert "linear-features" in text
    assert "2704 = 4 × 26 × 26" in text
    assert "nn.Linear(2704, 10)" in text


def test_a_page_that_cannot_be_written_is_told_before_the_script_runs(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("print('ran')\n")
    done = run("--html", "absent/report.html", "train.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "nnwhy: absent/report.html cannot be written: there is no directory absent\n"
