"""A text as the numbers that a token network takes, by the tokenizer that it brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from nnwhy.errors import InputError


def encoded(text: str, module: nn.Module) -> tuple[torch.Tensor, tuple[str, ...], str]:
    """The entries of `text` (1, L), the token of each, and a sentence about it.

    The tokenizer is the network's attribute `tokenizer`: an object with `encode(text)`, a function, or a mapping from words
    to numbers (then the text is split at spaces). Raises InputError where there is none, or where it gives no numbers.
    """
    tokenizer: Any = getattr(module, "tokenizer", None)
    if tokenizer is None:
        raise InputError(
            f"{type(module).__name__} brings no tokenizer, so a text cannot become numbers; "
            "give it an attribute tokenizer, or the numbers in a .npy file"
        )
    if not text.strip():
        raise InputError("the text is empty; write text:some words")
    if isinstance(tokenizer, Mapping):
        return _by_table(text, {str(word): int(number) for word, number in tokenizer.items()})
    encode: Callable[[str], Any] = getattr(tokenizer, "encode", tokenizer)
    found = encode(text)
    found = getattr(found, "ids", found)
    if isinstance(found, Mapping):
        found = found["input_ids"]
    try:
        numbers = torch.as_tensor(found, dtype=torch.int64).flatten().tolist()
    except (TypeError, ValueError, RuntimeError):
        raise InputError(
            f"the network's tokenizer gives {type(found).__name__}, and not whole numbers"
        ) from None
    if not numbers:
        raise InputError("the network's tokenizer gives no numbers for this text")
    tokens = tuple(_token(tokenizer, number) for number in numbers)
    return torch.tensor([numbers]), tokens, f"a text of {len(numbers)} tokens, by the network's tokenizer"


def _by_table(text: str, table: dict[str, int]) -> tuple[torch.Tensor, tuple[str, ...], str]:
    words = text.split()
    missing = [word for word in words if word not in table]
    unknown = next((table[name] for name in ("<unk>", "[UNK]", "<UNK>", "unk") if name in table), None)
    if missing and unknown is None:
        raise InputError(f"the network's table of words has no {', '.join(missing[:5])}, and no <unk>")
    numbers = [table.get(word, unknown if unknown is not None else 0) for word in words]
    note = f"; {len(missing)} are not in its table" if missing else ""
    return (
        torch.tensor([numbers]),
        tuple(words),
        f"a text of {len(words)} words, by the network's table{note}",
    )


def _token(tokenizer: Any, number: int) -> str:
    """The text of one token; its number where the tokenizer cannot say."""
    for name in ("convert_ids_to_tokens", "id_to_token", "decode"):
        tell: Any = getattr(tokenizer, name, None)
        if tell is None:
            continue
        try:
            return str(tell([number]) if name == "decode" else tell(number))
        except Exception:
            continue
    return str(number)
