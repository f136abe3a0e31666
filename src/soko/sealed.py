"""Files of a memory of ours: a text signed with the workspace's key, so that anything else is simply not there.

A file that was cut off, damaged, edited, copied from another workspace or renamed does not bear the signature of its
name and content, and reads as if it did not exist. What is remembered is only ever a shortcut: it can be removed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from contextlib import suppress
from pathlib import Path


def write_sealed(path: Path, text: str, secret: bytes, *, mode: int = 0o600) -> None:
    """Write ``text`` as a whole or not at all; a disk that is full or may not be written to keeps nothing.

    Folders that are made on the way are the owner's alone where the file is.
    """
    content = text.encode("utf-8", "surrogatepass")
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if mode == 0o600 else 0o777)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(_signature(path, content, secret) + b"\n" + content)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def read_sealed(path: Path, secret: bytes) -> str | None:
    """The text, or None when there is no such file of ours."""
    try:
        signature, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if not hmac.compare_digest(signature, _signature(path, content, secret)):
        return None
    return content.decode("utf-8", "surrogatepass")


def _signature(path: Path, content: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, path.name.encode() + b"\n" + content, hashlib.sha256).hexdigest().encode()
