"""What never leaves data/private: the key of the pseudonyms and the register of people."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from pathlib import Path

from soko.errors import DataError
from soko.intake.model import Intake
from soko.periods import Period
from soko.workspace import Workspace

_KEY_BYTES = 32
_DIGITS = 12


def private_key(workspace: Workspace) -> bytes:
    """The workspace's key, made at first use (mode 0600). The same key keeps pseudonyms stable between periods."""
    path = workspace.private / "key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # Created exclusively: two runs at once must not make two keys.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        content = _written(path)
        try:
            value = bytes.fromhex(content)
        except ValueError:
            value = b""
        if len(value) < _KEY_BYTES:
            raise DataError(
                "файл ключа псевдонимов испорчен",
                where=workspace.relative(path),
                todo="верните его из резервной копии; с новым ключом прошлые периоды не сопоставятся",
            ) from None
        return value
    value = secrets.token_bytes(_KEY_BYTES)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(value.hex() + "\n")
    return value


def _written(path: Path) -> str:
    """What the file of the key holds; an empty one is just being written by a run that began with this one."""
    for _ in range(100):
        if content := path.read_text(encoding="ascii", errors="replace").strip():
            return content
        time.sleep(0.01)
    return ""


def pseudonym(key: bytes, prefix: str, identity: str) -> str:
    """``p_`` or ``t_`` and 12 hex digits of HMAC-SHA-256(key, identity)."""
    return prefix + hmac.new(key, identity.encode("utf-8"), hashlib.sha256).hexdigest()[:_DIGITS]


def write_private(workspace: Workspace, period: Period, intake: Intake) -> Path:
    """Store ``intake.people`` as data/private/<period>/people.parquet, readable by the owner alone."""
    private_key(workspace)
    folder = workspace.private_period(period)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / "people.parquet"
    fresh = folder / f".people.{os.getpid()}.tmp"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            intake.people.to_parquet(stream, index=False)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return target
