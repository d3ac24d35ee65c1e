"""Where a client and its daemon meet, and how each makes sure who the other is."""

from __future__ import annotations

import binascii
import contextlib
import os
import socket
import stat
import struct
import sys
from collections.abc import Generator
from importlib.util import find_spec

import nnwhy
from nnwhy.errors import WorkerError
from nnwhy.isolate.command import HOME

if sys.platform != "win32":
    import fcntl

SUFFIX = ".socket"


def daemon_directory() -> str:
    """The directory of this user's daemons: $NNWHY_DAEMON_DIR, else one where run-time files belong."""
    named = os.environ.get("NNWHY_DAEMON_DIR")
    if named:
        return named
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and _is_ours(runtime):
        return os.path.join(runtime, "nnwhy")
    return os.path.join(os.environ.get("TMPDIR") or "/tmp", f"nnwhy-{os.geteuid()}")


def private_directory(directory: str) -> None:
    """Make the directory where it is missing. Raises WorkerError unless it is ours and closed to everybody else."""
    try:
        with contextlib.suppress(FileExistsError):
            os.mkdir(directory, 0o700)
        found = os.lstat(directory)
    except OSError as error:
        raise WorkerError(f"the daemon's directory {directory} cannot be used: {error.strerror}") from None
    if not stat.S_ISDIR(found.st_mode):
        raise WorkerError(f"{directory} is not a directory; remove it, or set NNWHY_DAEMON_DIR")
    if found.st_uid != os.geteuid():
        raise WorkerError(f"{directory} belongs to user {found.st_uid}; remove it, or set NNWHY_DAEMON_DIR")
    if found.st_mode & 0o077:
        mode = stat.S_IMODE(found.st_mode)
        raise WorkerError(
            f"{directory} is open to others (mode {mode:o}); it must be 700: chmod 700 {directory}"
        )


def socket_path(directory: str) -> str:
    """The socket of the daemon for this Python and this copy of nnwhy, so that two environments never quarrel."""
    identity = f"{sys.prefix}\n{HOME}"  # not the executable, which has several names in one environment
    key = binascii.crc32(identity.encode(errors="surrogateescape"))
    return os.path.join(directory, f"{key:08x}{SUFFIX}")


def stamp() -> str:
    """What a daemon and its client must agree on: versions, and the state of the files of nnwhy and torch.

    Costs about 2 ms; nothing is imported.
    """
    origin = _origin_of_torch()
    torch_files = [] if origin is None else [origin, os.path.join(os.path.dirname(origin), "version.py")]
    state = "\n".join(_file_state(path) for path in [*_own_files(os.path.join(HOME, "nnwhy")), *torch_files])
    return f"{nnwhy.__version__} {sys.hexversion:x} {sys.prefix} {binascii.crc32(state.encode()):08x}"


def peer_user(connection: socket.socket) -> int:
    """The user id at the other end of a Unix socket. Raises OSError where the system cannot say."""
    if sys.platform == "linux":
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return struct.unpack("3i", credentials)[1]
    # struct xucred of macOS and the BSDs: a version, then the user id. SOL_LOCAL is 0, LOCAL_PEERCRED 1.
    return struct.unpack_from("2I", connection.getsockopt(0, 1, 128))[1]


def peer_process(connection: socket.socket) -> int:
    """The process at the other end of a Unix socket; 0 where the system does not say."""
    if sys.platform == "linux":
        return struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
    return 0


def connect(path: str, *, within: float) -> socket.socket:
    """A connection to the daemon at `path`. Raises OSError where none listens, WorkerError where it is not ours."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(within)
        connection.connect(path)
        if peer_user(connection) != os.geteuid():
            raise WorkerError(f"{path} is served by another user; remove it, or set NNWHY_DAEMON_DIR")
        connection.settimeout(None)
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def locked(directory: str) -> Generator[None, None, None]:
    """One process at a time; the lock is on the directory itself, so no file is left."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_ours(directory: str) -> bool:
    """Under sudo, the variable may still name the directory of the user who called."""
    try:
        return os.stat(directory).st_uid == os.geteuid()
    except OSError:
        return False


def _origin_of_torch() -> str | None:
    try:
        found = find_spec("torch")
    except (ImportError, ValueError):
        return None
    return found.origin if found is not None else None


def _own_files(directory: str) -> list[str]:
    found: list[str] = []
    with os.scandir(directory) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                found += _own_files(entry.path)
            elif entry.name.endswith(".py"):
                found.append(entry.path)
    return found


def _file_state(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return f"{path} -"
    return f"{path} {found.st_mtime_ns} {found.st_size}"
