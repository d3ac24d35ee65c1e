"""Jobs for the tests of the isolate room: each ends in one way that a user's file can end in."""

from __future__ import annotations

import atexit
import ctypes
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from nnwhy.errors import TargetError

KEPT: list[object] = []


class VeryOwnError(TargetError):
    """An error class of a higher room, which the caller may not have loaded."""


def add(a: int, b: int) -> int:
    return a + b


def surroundings() -> dict[str, object]:
    mask = os.umask(0)
    os.umask(mask)
    return {
        "directory": os.getcwd(),
        "environment": dict(os.environ),
        "path": list(sys.path),
        "umask": mask,
        "argv": sys.argv,
        "stdin": sys.stdin.read(),
        "session": os.getsid(0) == os.getpid(),
        "main": sorted(name for name in vars(sys.modules["__main__"]) if not name.startswith("__")),
        "open": sorted(
            int(name) for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")
        ),
        "handlers": [
            signal.getsignal(number) is signal.SIG_DFL for number in (signal.SIGTERM, signal.SIGCHLD)
        ],
        "interrupt": signal.getsignal(signal.SIGINT) is signal.default_int_handler,
        "core": subprocess.run(["sh", "-c", "ulimit -c"], capture_output=True, text=True).stdout.strip(),
    }


def numbers() -> list[float]:
    import numpy

    return [random.random(), float(numpy.random.random())]


def talk(text: str) -> None:
    print(text)
    print(text, file=sys.stderr)
    os.write(1, b"straight to the descriptor\n")
    subprocess.run(["echo", "from a child"], check=True)


def flood(lines: int) -> str:
    for number in range(lines):
        print(f"{number:8d} " + "x" * 100)
    return "done"


def raise_exception() -> None:
    try:
        int("seven")
    except ValueError as error:
        raise LookupError("no such\nthing") from error


def raise_nnwhy_error() -> None:
    raise VeryOwnError("net.py has no class Nett")


def raise_with_bad_text() -> None:
    class Bad(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    raise Bad


def interrupt_itself() -> None:
    raise KeyboardInterrupt


def sys_exit(code: int | str | None) -> None:
    sys.exit(code)


def os_exit(code: int) -> None:
    print("about to go")
    os._exit(code)


def exit_in_thread(code: int) -> None:
    threading.Thread(target=os._exit, args=(code,)).start()
    time.sleep(60)


def segfault() -> None:
    ctypes.string_at(0)


def end_by(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(60)


def hang() -> None:
    print("before the loop")
    while True:
        time.sleep(0.01)


def sleep_and_answer(seconds: float) -> str:
    time.sleep(seconds)
    return "slept"


def hang_deaf() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass


def tidy_at_exit(path: str) -> str:
    """What a program does that removes its temporary files when Python ends."""
    directory = tempfile.TemporaryDirectory(dir=path)
    KEPT.append(directory)
    atexit.register(lambda: print("handler", flush=True))
    atexit.register(lambda: 1 / 0)
    return directory.name


def share_with_a_child(path: str) -> list[int]:
    """multiprocessing keeps a directory of its own under the temporary directory until Python ends."""
    tempfile.tempdir = path
    manager = multiprocessing.Manager()
    KEPT.append(manager)
    numbers = manager.list([1, 2])
    child = multiprocessing.Process(target=numbers.append, args=(3,))
    child.start()
    child.join()
    return list(numbers)


def hang_at_exit() -> str:
    atexit.register(time.sleep, 60)
    threading.Thread(target=time.sleep, args=(60,)).start()
    return "answered"


def recurse() -> int:
    return recurse() + 1


def recurse_through_the_stack() -> None:
    sys.setrecursionlimit(1 << 30)

    class Deep:
        def __getattr__(self, name: str) -> object:
            return getattr(self, name)

    Deep().name  # noqa: B018


def allocate_at_once(size: int) -> int:
    return len(bytearray(size))


def allocate_in_children(size: int, count: int) -> None:
    for _ in range(count):
        if os.fork() == 0:
            data = bytearray(b"x") * size
            time.sleep(60)
            os._exit(len(data) & 1)
    time.sleep(60)


def leave_children(notes: str) -> str:
    """Leave behind a child, one that goes on to the end of the job, one in a session of its own, and a started one."""
    first = os.fork()
    if first == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        note(notes)
        time.sleep(60)
        os._exit(0)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            note(notes)
            time.sleep(60)
        os._exit(0)
    subprocess.Popen(["sleep", "60"], start_new_session=True, stdin=subprocess.DEVNULL)
    while len(Path(notes).read_text().split()) < 2:
        time.sleep(0.005)
    return "parent"


def answer_twice() -> str:
    """Both the parent and its forked child return."""
    return "child" if os.fork() == 0 else "parent"


def child_that_raises() -> str:
    if os.fork() == 0:
        raise RuntimeError("in the child")
    time.sleep(0.1)
    return "parent"


def parent_that_exits() -> str:
    """The child would answer in its parent's place."""
    if os.fork():
        os._exit(3)
    time.sleep(0.2)
    return "child"


def replace_streams() -> str:
    print("before")
    sys.stdout.close()
    sys.stdout = None  # type: ignore[assignment]
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115  user code does not close it either
    os.close(1)
    os.close(2)
    return "still here"


def close_everything() -> None:
    os.closerange(3, 256)


def write_everywhere() -> str:
    """Write noise to every file that is open, as a fork of a program gone wild might."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"noise" * 100)
        except OSError:
            continue
    return "answer"


def not_json() -> object:
    return {"a": object()}


def not_a_number() -> float:
    return float("nan")


def endless_data() -> object:
    data: list[object] = []
    data.append(data)
    return data


def large(size: int) -> str:
    return "é" * size


def kill_the_supervisor() -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


def note(path: str, text: str = "") -> None:
    """Append a line to a file: this process's id, or `text`."""
    with open(path, "a") as file:
        file.write(f"{text or os.getpid()}\n")


def note_and_hang(path: str) -> None:
    """Note this process and two of its children, and hang."""
    if os.fork() == 0 or os.fork() == 0:
        note(path)
        time.sleep(60)
    note(path)
    time.sleep(60)


def note_and_crash(path: str) -> None:
    note(path)
    segfault()


def worker_chain() -> dict[str, int]:
    return {"job": os.getpid(), "supervisor": os.getppid()}


def torch_facts() -> dict[str, object]:
    import torch

    product = torch.randn(64, 64) @ torch.randn(64, 64)
    return {
        "sum": float(product.sum()),
        "threads": torch.get_num_threads(),
        "linear": torch.nn.Linear(3, 4)(torch.randn(2, 3)).tolist(),
    }


def torch_allocate(size: int) -> int:
    import torch

    return torch.ones(size, dtype=torch.uint8).numel()


def torch_train_with_workers() -> dict[str, object]:
    """What a user's file does at module level: workers that load, a backward pass, an optimiser."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    data = TensorDataset(torch.randn(64, 8), torch.randn(64, 1))
    net = torch.nn.Linear(8, 1)
    optimiser = torch.optim.SGD(net.parameters(), lr=0.1)
    losses: list[float] = []
    for inputs, targets in DataLoader(data, batch_size=16, num_workers=2):
        loss = (net(inputs) - targets).square().mean()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return {
        "losses": losses,
        "meta": str(torch.nn.Linear(3, 4, device="meta")(torch.empty(2, 3, device="meta")).shape),
    }
