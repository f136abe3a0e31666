"""Find a pupil in data/private/<period>/people.parquet of every period. Never a guess: two people are asked apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from soko.errors import UsageError
from soko.hints import nearest
from soko.intake.names import PersonName, compatible, parse_name
from soko.intake.private import private_key, pseudonym
from soko.retention.person import Person
from soko.russian import count
from soko.workspace import Workspace

NAME = "people.parquet"
_PUPILS = ("pupil", "unmatched")
_SHOWN = 5


@dataclass
class Entry:
    """One pseudonym as the registers know it: period → classes."""

    code: str
    name: str
    parsed: PersonName
    births: set[str] = field(default_factory=set)
    classes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def places(self) -> str:
        """«7А (2025-2026/q4)», the latest period first."""
        latest = max(self.classes)
        return f"{', '.join(self.classes[latest]) or 'класс не указан'} ({latest})"


def files(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    """Period id and register of each period that has one."""
    for path in sorted(workspace.private.rglob(NAME)):
        yield path.parent.relative_to(workspace.private).as_posix(), path


def entries(workspace: Workspace) -> dict[str, Entry]:
    """Everybody who is or may be a pupil, by pseudonym."""
    import pandas as pd

    found: dict[str, Entry] = {}
    for period, path in files(workspace):
        frame = pd.read_parquet(path)
        frame = frame[frame["kind"].isin(_PUPILS)]
        rows = zip(frame["pseudonym"], frame["full_name"], frame["birth_date"], frame["class"], strict=True)
        for code, name, birth, school_class in rows:
            parsed = parse_name(name)
            if parsed is None:
                continue
            entry = found.setdefault(code, Entry(code, name, parsed))
            if not pd.isna(birth):
                entry.births.add(birth.isoformat()[:10])
            classes = entry.classes.setdefault(period, [])
            if school_class and school_class not in classes:
                classes.append(school_class)
    return found


def find(workspace: Workspace, who: str, school_class: str = "", birth: str = "") -> Person | None:
    """The one pupil whom ``who`` (name or pseudonym), his class and birth date mean; None when no list has the name.

    UsageError when several are meant (it says in which classes they are and what to add), or when the class or the
    birth date is that of none.
    """
    known = entries(workspace)
    secret = private_key(workspace)
    if who in known:
        found = [known[who]]
    else:
        asked = parse_name(who)
        if asked is None or (who.startswith("p_") and not asked.first):
            return None
        found = [entry for entry in known.values() if compatible(asked, entry.parsed)]
    named = bool(found)
    if school_class:
        found = [entry for entry in found if any(school_class in item for item in entry.classes.values())]
    if birth:
        found = [entry for entry in found if birth in entry.births]
    if not found and named:
        raise absent(workspace, who, school_class, birth)
    if not found:
        return None
    groups = _people(found)
    if len(groups) > 1:
        raise _several(groups, school_class)
    own = _with_unmatched(groups[0], known)
    codes = {entry.code for entry in own}
    like = [item for item in known.values() if item.code not in codes
            and any(item.parsed.surname == entry.parsed.surname for entry in own)]  # fmt: skip
    return _person(own, like, secret)


def stranger(workspace: Workspace, who: str, school_class: str = "", birth: str = "") -> Person:
    """Somebody whom no list has (any more), by the name alone: a file of the school may name him."""
    secret, asked = private_key(workspace), parse_name(who)
    like = [item for item in entries(workspace).values() if asked and item.parsed.surname == asked.surname]
    person = _person([], like, secret)
    person.names, person.classes = [who], [school_class] if school_class else []
    if asked is not None and birth:
        person.codes = [pseudonym(secret, "p_", f"name:{asked.full}|{birth}")]
    return person


def _person(own: list[Entry], like: list[Entry], secret: bytes) -> Person:
    return Person(
        names=sorted({entry.name for entry in own}),
        codes=sorted({entry.code for entry in own}),
        like=sorted({item.name for item in like}),
        classes=_classes(own),
        like_classes=_classes(like),
        secret=secret,
    )


def _classes(found: list[Entry]) -> list[str]:
    return sorted({name for entry in found for classes in entry.classes.values() for name in classes})


def absent(workspace: Workspace, who: str, school_class: str, birth: str) -> UsageError:
    """What to say when nobody is meant: the nearest name, or that class and birth date rule everybody out."""
    known = entries(workspace)
    asked = parse_name(who)
    same = [entry for entry in known.values() if asked is not None and compatible(asked, entry.parsed)]
    if same:
        given = " и ".join(part for part in (f"класс {school_class}" if school_class else "",
                                             f"дата рождения {birth}" if birth else "") if part)  # fmt: skip
        places = "; ".join(sorted(entry.places for entry in same)[:_SHOWN])
        return UsageError(
            f"с таким именем найдено: {len(same)}, но {given} не подходит",
            todo=f"проверьте: {places}",
        )
    near = nearest(asked.full if asked else who, sorted({entry.parsed.full for entry in known.values()}))
    hint = f"; возможно, имелось в виду «{near.title()}»" if near else ""
    return UsageError(
        f"такого обучающегося нет ни в одном списке{hint}",
        where=workspace.relative(workspace.private),
        todo="укажите фамилию, имя и отчество, как в списке обучающихся, или код вида p_…",
    )


def _people(found: list[Entry]) -> list[list[Entry]]:
    """Pseudonyms of one person together: the same full name, birth dates that agree, never two in one list."""
    groups: list[list[Entry]] = []
    for entry in sorted(found, key=lambda item: (item.parsed.full, item.code)):
        for group in groups:
            if all(_one(entry, other) for other in group):
                group.append(entry)
                break
        else:
            groups.append([entry])
    return groups


def _one(one: Entry, other: Entry) -> bool:
    if one.parsed != other.parsed or one.classes.keys() & other.classes.keys():
        return False
    return bool(one.births & other.births)


def _with_unmatched(group: list[Entry], known: dict[str, Entry]) -> list[Entry]:
    """And what a gradebook calls him that no list explained, when it can mean nobody else of his class."""
    own = list(group)
    for entry in known.values():
        if entry in own or entry.births or entry.parsed == group[0].parsed:
            continue
        for period, classes in entry.classes.items():
            there = [
                item for item in known.values()
                if item is not entry and period in item.classes and compatible(entry.parsed, item.parsed)
                and set(item.classes[period]) & set(classes)
            ]  # fmt: skip
            if there and all(item in group for item in there):
                own.append(entry)
                break
    return own


def _several(groups: list[list[Entry]], school_class: str) -> UsageError:
    lines = []
    for group in groups[:_SHOWN]:
        births = sorted({birth for entry in group for birth in entry.births})
        told = f"{group[0].places}" + (f", дата рождения {births[0]}" if births else "") + f", код {group[0].code}"
        lines.append(told)
    more = f"; и ещё {len(groups) - _SHOWN}" if len(groups) > _SHOWN else ""
    add = "дату рождения (--born 2014-02-01) или код" if school_class else "класс (--class 7А), дату рождения или код"
    return UsageError(
        f"подходят несколько обучающихся ({count(len(groups), 'человек')}): {'; '.join(lines)}{more}",
        todo=f"укажите {add}",
    )
