"""What the system denies – room on the disk, the right to write, a folder where a file stands – said to an analyst.

Such errors are nobody's bug, and a run that meets one leaves everything as it was.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from pathlib import Path

from soko.errors import FailureError, SokoError, UsageError

_FULL = "на диске не хватило места", "освободите место и повторите команду", FailureError
_FORBIDDEN = (
    "нет права читать или менять этот файл или папку",
    "проверьте права доступа, закройте программы, в которых он открыт, или выберите другую папку",
    UsageError,
)
_LOCKED = "папка доступна только для чтения", "укажите папку, в которую можно записывать", UsageError
_NO_FOLDER = "на этом месте файл, а нужна папка", "укажите другую папку или переименуйте файл", UsageError
_LONG = "слишком длинное имя файла или папки", "укажите папку с более коротким путём", UsageError
_SAID: dict[int, tuple[str, str, type[SokoError]]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: _LOCKED,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: _NO_FOLDER,
    errno.ENAMETOOLONG: _LONG,
}
_NUMBER = re.compile(r"\[errno (\d+)\]", re.IGNORECASE)


def said(error: BaseException) -> SokoError | None:
    """The error in words, with the file that the system named; None for what the system did not deny.

    The first of the chain of causes that says something is told; ``shutil`` and ``pyarrow`` put the number into text.
    """
    for one in _chain(error):
        if isinstance(one, OSError):
            number = one.errno or next((int(found) for found in _NUMBER.findall(str(one))), 0)
            if number in _SAID and not (number == errno.EEXIST and Path(str(one.filename)).is_dir()):
                message, todo, kind = _SAID[number]
                # of a copy that failed the first name is what was read, the second what was to be written
                return kind(message, where=str(one.filename2 or one.filename or ""), todo=todo)
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    now: BaseException | None = error
    while now is not None:
        yield now
        now = now.__cause__ or now.__context__
