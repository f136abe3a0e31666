"""Numbers that print as a hidden figure beside its words and are not it: whoever answers for a release says so.

The search of ``hidden_search`` goes by words, and words can be misread: of «2024/25 – скр., стало 0 %» the hidden
figure may be 0 % too. What it finds has a code, of the text and of the figure that it is taken for; with the code
``soko publish`` is told that they only coincide. The code holds for that text and that figure alone, in every later
search. data/releases/coincidences.json keeps who said so, and of which day.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date

from soko.disclosure.hidden_facts import Fact
from soko.disclosure.hidden_grids import Told
from soko.disclosure.hidden_numbers import without_numbers
from soko.errors import DataError, UsageError
from soko.workspace import Workspace

NAME = "coincidences.json"
CODE = "код"  # stands before a code where one is told
_LONGEST = 90  # characters of a place
_CODE = re.compile(r"[0-9a-f]{12}")


def code(one: Told, facts: Iterable[Fact]) -> str:
    """The code of a text that may tell some hidden figures; where it stands is no part of it."""
    about = sorted({(fact.indicator, fact.period, fact.dims) for fact in facts})
    return hashlib.sha256(repr((one.text, one.label, one.heads, about)).encode()).hexdigest()[:12]


def place(one: Told, its: str) -> str:
    """Where a figure was found, in words and without its number, with the code."""
    said = without_numbers(" ".join(filter(None, (one.label, one.heads, one.text))))
    short = said if len(said) <= _LONGEST else said[:_LONGEST].rstrip() + "…"
    return f"{one.where}: «{short}», {CODE} {its}".removeprefix(": ")


def known(workspace: Workspace) -> frozenset[str]:
    """The codes that have been confirmed. DataError for a file that cannot be read."""
    return frozenset(_read(workspace))


def told(workspace: Workspace, codes: Iterable[str]) -> list[str]:
    """The codes that are not confirmed yet, as they are kept. UsageError for what is no code."""
    wanted = [one.strip().lower() for one in codes]
    for one in wanted:
        if not _CODE.fullmatch(one):
            raise UsageError(
                f"«{one}» – не код совпадения",
                todo="возьмите код из сообщения soko publish или soko scan: 12 знаков, цифры и буквы a–f",
            )
    confirmed = known(workspace)
    return [one for one in dict.fromkeys(wanted) if one not in confirmed]


def found(lines: Iterable[str]) -> list[str]:
    """The codes that stand in lines about what was found, each once."""
    return list(dict.fromkeys(one for line in lines for one in re.findall(rf"{CODE} ({_CODE.pattern})", line)))


def confirm(workspace: Workspace, codes: Iterable[str], confirmed_by: str, on: date) -> None:
    """Keep that ``confirmed_by`` takes these for coincidences. UsageError for what is no code; nothing is kept then."""
    fresh = {one: {"confirmed_by": confirmed_by, "on": on.isoformat()} for one in told(workspace, codes)}
    if fresh:
        from soko.publish.whole import write

        workspace.releases.mkdir(parents=True, exist_ok=True)
        text = json.dumps(_read(workspace) | fresh, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        write(workspace.releases / NAME, text.encode())


def _read(workspace: Workspace) -> dict[str, dict[str, str]]:
    path = workspace.releases / NAME
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(one): dict(entry) for one, entry in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        raise DataError(
            "список подтверждённых совпадений не читается",
            where=workspace.relative(path),
            todo="верните файл из резервной копии или удалите его и подтвердите совпадения заново",
        ) from None
