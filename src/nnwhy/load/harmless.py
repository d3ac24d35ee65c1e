"""Whether a program can be played: it makes its own data and touches nothing but memory, by its syntax."""

from __future__ import annotations

import ast
from pathlib import Path

from nnwhy.errors import NnwhyError

_PACKAGES = frozenset({
    "torch", "numpy", "scipy", "einops", "tqdm", "__future__", "abc", "argparse", "bisect", "collections", "contextlib",
    "copy", "dataclasses", "datetime", "enum", "functools", "heapq", "inspect", "itertools", "logging", "math",
    "operator", "os", "pprint", "random", "re", "statistics", "string", "sys", "textwrap", "time", "types", "typing",
    "typing_extensions", "warnings",
})  # fmt: skip
_NOT_OF_TORCH = frozenset({
    "distributed", "hub", "multiprocessing", "profiler", "tensorboard", "cpp_extension", "onnx", "model_zoo", "elastic",
})  # fmt: skip
_NAMES = frozenset(["open", "input", "exec", "eval", "compile", "__import__", "breakpoint", "globals"])
_ATTRIBUTES = frozenset({
    "system", "popen", "remove", "unlink", "rmdir", "rmtree", "makedirs", "mkdir", "rename", "replace_file", "chdir",
    "putenv", "symlink", "touch", "kill", "fork", "spawn", "save", "load", "savez", "savez_compressed", "savetxt",
    "loadtxt", "genfromtxt", "fromfile", "tofile", "memmap", "savefig", "to_csv", "write_text", "write_bytes",
    "read_text", "read_bytes", "urlopen", "urlretrieve", "download_url", "load_state_dict_from_url",
    "init_process_group", "hub", "SummaryWriter", "FileHandler", "basicConfig", "set_default_device",
    "set_default_dtype", "set_default_tensor_type", "execv", "execve", "listdir", "walk", "scandir",
})  # fmt: skip
_OF_OS = frozenset({"path", "cpu_count", "getpid", "sep", "linesep"})
_FROM_OUTSIDE = frozenset({"argv", "environ", "getenv"})
"""What a program reads there differs from run to run: how it ends says nothing about it."""


def harmless(tree: ast.Module, folder: Path, *, depth: int = 3) -> bool:
    """Whether neither the file nor what it imports from its own folder reads, writes, downloads, starts processes, changes what
    holds for the whole process, or needs to be told something."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            if any(alias.name == "os" and alias.asname for alias in node.names):
                return False
            if not all(_imports(alias.name, folder, depth) for alias in node.names):
                return False
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module or ''}.{alias.name}" for alias in node.names]
            if node.level or not all(_imports(name, folder, depth) for name in names):
                return False
            if not _NAMES.isdisjoint(alias.name for alias in node.names):
                return False
        elif (isinstance(node, ast.Name | ast.Attribute) and _reaches_out(node)) or (
            isinstance(node, ast.Call) and _asks(node)
        ):
            return False
    return True


def _reaches_out(node: ast.Name | ast.Attribute) -> bool:
    if isinstance(node, ast.Name):
        return node.id in _NAMES
    if isinstance(node.value, ast.Name) and node.value.id == "os" and node.attr not in _OF_OS:
        return True
    return node.attr in _ATTRIBUTES | _FROM_OUTSIDE or ast.unparse(node) == "torch.compile"


def _asks(call: ast.Call) -> bool:
    """Whether it declares an option of the command line that has no value of its own."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "add_argument":
        return False
    return not {"default", "action"} & {keyword.arg for keyword in call.keywords}


def _imports(name: str, folder: Path, depth: int) -> bool:
    root, *rest = name.split(".")
    file = folder / f"{root}.py"
    if file.is_file():
        return depth > 0 and _file_harmless(file, depth - 1)
    if root == "os" and rest and rest[0] not in _OF_OS:
        return False
    return root in _PACKAGES and _NOT_OF_TORCH.isdisjoint(rest) and _ATTRIBUTES.isdisjoint(rest)


def _file_harmless(file: Path, depth: int) -> bool:
    from nnwhy.load.running import tree_of

    try:
        return harmless(tree_of(file), file.parent, depth=depth)
    except NnwhyError:
        return False
