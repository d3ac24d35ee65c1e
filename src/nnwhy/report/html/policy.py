"""The content security policy of the pages that we write."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256


def policy(style: str, script: str = "") -> str:
    """Just this style, just this script (none where it is ""), pictures only as data, and no network."""
    scripts = f"script-src '{_hash(script)}'; " if script else ""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; {scripts}img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode("ascii")
