"""Names of classes and subjects as parts of file names."""

from __future__ import annotations

import hashlib
import re

#: Bytes of a name in a file name, which with the name of its note may have 255.
_LONGEST = 160


def safe(text: str) -> str:
    """As a part of a file name: what no file system takes is a hyphen, blanks are underscores.

    What was lost by that (but for single blanks) is made up for by six digits of its hash: no two classes or subjects
    get one name.
    """
    name = re.sub(r"\s+", "_", re.sub(r'[\\/:*?"<>|\x00-\x1f]', "-", text))
    name = name.encode()[:_LONGEST].decode(errors="ignore").strip("._ ")
    same = name.replace("_", " ") == text
    return name if same and name else f"{name}~{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def document(note: str, of: str = "") -> str:
    """Name of the files of a note, without suffix; ``of`` is the class or subject that it is about."""
    return f"{note}_{safe(of)}" if of else note
