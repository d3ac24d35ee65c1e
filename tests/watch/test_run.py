"""`nnwhy run script.py` behaves as `python script.py` does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

TRAINING = """
import sys
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
steps = 0
for _ in range(6):
    x = torch.randn(8, 3)
    loss = (net(x) - x.sum(1, keepdim=True)).pow(2).mean()
    {zero}
    loss.backward()
    optimizer.step()
    steps += 1
print("steps", steps)
sys.exit({code})
"""


def run(
    *arguments: str, cwd: Path, command: tuple[str, ...] = ("-m", "nnwhy", "run"), given: str = ""
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, *command, *arguments], cwd=cwd, env=environment, input=given, capture_output=True, text=True, timeout=120
    )  # fmt: skip


def test_a_script_sees_what_python_shows_it(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("value = 7\n")
    (tmp_path / "script.py").write_text(
        "import argparse, os, pickle, sys, inspect\nimport beside\n"
        "class Thing:\n    pass\n"
        "def main():\n"
        "    parser = argparse.ArgumentParser()\n    parser.add_argument('--n', type=int)\n    parser.add_argument('rest', nargs='*')\n"
        "    print(parser.parse_args(), sys.argv, sys.path[0], __name__, __file__, os.getcwd(), beside.value)\n"
        "    print(pickle.loads(pickle.dumps(Thing())).__class__, sys.modules['__main__'].Thing is Thing, __spec__)\n"
        "    print(inspect.getsource(Thing), input('name? '), parser.prog)\n"
        "if __name__ == '__main__':\n    main()\n    sys.exit(3)\n"
    )
    arguments = ("script.py", "--n", "3", "a", "b")
    plain = run(*arguments, cwd=tmp_path, command=(), given="me\n")
    ours = run(*arguments, cwd=tmp_path, given="me\n")
    assert (ours.returncode, ours.stdout, ours.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    assert ours.returncode == 3


def test_an_exception_that_has_nothing_to_do_with_a_network_is_printed_as_python_prints_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "script.py").write_text(
        "def inner():\n    return {}['key']\n"
        "try:\n    inner()\nexcept KeyError as error:\n    raise ValueError('no') from error\n"
    )
    plain = run("script.py", cwd=tmp_path, command=())
    ours = run("script.py", cwd=tmp_path)
    assert (ours.returncode, ours.stderr) == (plain.returncode, plain.stderr)


WARNING = """
import torch
from torch import nn

net = nn.Sequential(nn.Linear(3, 8), nn.Dropout2d(0.5), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(6):
    optimizer.zero_grad()
    net(torch.randn(8, 3)).pow(2).mean().backward()
    optimizer.step()
"""


def test_a_warning_of_torch_is_shown_once_and_for_the_line_that_python_names(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(WARNING)
    plain = run("script.py", cwd=tmp_path, command=()).stderr
    watched = run("script.py", cwd=tmp_path).stderr
    assert "UserWarning: dropout2d" in plain
    assert [line for line in watched.splitlines() if "Warning: " in line] == [
        line for line in plain.splitlines() if "Warning: " in line
    ]


def test_a_module_runs_as_python_m_runs_it(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "part.py").write_text("name = 'part'\n")
    (package / "train.py").write_text(
        "import sys\nfrom . import part\nprint(part.name, __name__, __package__, __spec__.name, sys.argv[1:], sys.path[0])\n"
    )
    plain = run("package.train", "--lr", "1", cwd=tmp_path, command=("-m",))
    ours = run("-m", "package.train", "--lr", "1", cwd=tmp_path)
    assert (ours.returncode, ours.stdout, ours.stderr) == (plain.returncode, plain.stdout, plain.stderr)


def test_the_exit_code_is_the_scripts_own_unless_strict(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text(TRAINING.format(zero="pass", code=0))
    lenient = run("train.py", cwd=tmp_path)
    assert lenient.returncode == 0
    assert lenient.stdout == "steps 6\n"
    assert "gradients-accumulate" in lenient.stderr
    assert run("--strict", "train.py", cwd=tmp_path).returncode == 1
    script.write_text(TRAINING.format(zero="optimizer.zero_grad()", code=5))
    assert run("--strict", "train.py", cwd=tmp_path).returncode == 5


def test_stop_ends_the_script_after_steps_and_evaluation_and_json_tells_what_was_seen(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        TRAINING.format(zero="optimizer.zero_grad()", code=5).replace(
            "    steps += 1", "    steps += 1\n    with torch.no_grad():\n        net(x)"
        )
    )
    done = run("--stop", "--steps", "2", "--json", "seen.json", "train.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    seen = json.loads((tmp_path / "seen.json").read_text())["result"]
    assert len(seen["session"]["steps"]) == 2
    assert seen["report"]["findings"] == []


def test_a_script_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    done = run("absent.py", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "nnwhy: absent.py cannot be run: No such file or directory\n"


def test_a_directory_without_a_main_file_is_one_clear_line_and_one_with_it_runs(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "data.py").write_text("")
    (tmp_path / "code" / "train.py").write_text("")
    done = run("code", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "nnwhy: code cannot be run: the directory has no __main__.py; name a script (code/train.py), "
        "or a module of a package: nnwhy run -m package.train\n"
    )
    (tmp_path / "code" / "__main__.py").write_text("import data, sys\nprint(__name__, sys.argv)\n")
    plain = run("code", "--lr", "1", cwd=tmp_path, command=())
    ours = run("code", "--lr", "1", cwd=tmp_path)
    assert (ours.returncode, ours.stdout, ours.stderr) == (plain.returncode, plain.stdout, plain.stderr)


def test_an_archive_without_a_main_file_is_one_clear_line(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as archive:
        archive.writestr("train.py", "print(1)\n")
    done = run("code.zip", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        "nnwhy: code.zip cannot be run: the archive has no __main__.py; add one, or name a script\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_ends_the_script_by_the_signal(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text("import time\nprint('ready', flush=True)\ntime.sleep(60)\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [sys.executable, "-m", "nnwhy", "run", "script.py"],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        error = process.stderr.read()
    assert process.returncode == -signal.SIGINT
    assert error.startswith("Traceback") and error.endswith("KeyboardInterrupt\n")
    assert "nnwhy" not in error


def test_spawned_workers_import_the_script_as_python_lets_them(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        "import multiprocessing\n"
        "def square(x):\n    return x * x\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n        print(pool.map(square, [1, 2, 3]))\n"
    )
    done = run("script.py", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[1, 4, 9]\n", "")


def test_everything_is_as_it_was_once_the_steps_are_over(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        "import torch\nfrom torch import nn\n"
        "from torch.overrides import _len_torch_function_stack as depth\n"
        "import gc, weakref\n"
        "net, seen = nn.Linear(3, 1), []\n"
        "optimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n"
        "with torch.device('cpu'):\n"
        "    for step in range(4):\n"
        "        x = torch.randn(8, 3)\n        seen.append(weakref.ref(x))\n"
        "        loss = net(x).pow(2).mean()\n        optimizer.zero_grad()\n        loss.backward()\n        optimizer.step()\n"
        "    print('inside', depth())\n"
        "del x, loss\ngc.collect()\n"
        "print('kept', sum(one() is not None for one in seen), 'modes', depth())\n"
        "print(nn.Module.__call__.__module__, torch.autograd.backward.__module__, nn.Module.__init__.__module__)\n"
    )
    done = run("script.py", cwd=tmp_path)
    assert (
        done.stdout
        == "inside 1\nkept 0 modes 0\ntorch.nn.modules.module torch.autograd torch.nn.modules.module\n"
    ), done.stderr


def test_an_optimizer_that_steps_another_one_is_watched_at_every_step(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        "import torch\nfrom torch import nn\n"
        "class Around(torch.optim.Optimizer):\n"
        "    def __init__(self, inner):\n        self.inner = inner\n        super().__init__(inner.param_groups, {})\n"
        "    def step(self):\n        self.inner.step()\n"
        "net = nn.Linear(3, 1)\noptimizer = Around(torch.optim.SGD(net.parameters(), lr=0.1))\n"
        "for _ in range(5):\n"
        "    optimizer.zero_grad()\n    net(torch.randn(8, 3)).pow(2).mean().backward()\n    optimizer.step()\n"
    )
    done = run("--json", "seen.json", "script.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    session = json.loads((tmp_path / "seen.json").read_text())["result"]["session"]
    assert len(session["forwards"]) == len(session["backwards"]) == 3
    assert "watched 3 optimizer steps and 3 passes: nothing found" in done.stderr
