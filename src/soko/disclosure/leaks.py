"""Does a folder that is to leave the school tell of a child? Every file is opened, every name looked for.

``personal`` gathers what must not be found, ``search`` looks for it. A ``Leak`` says file, place and kind and repeats
nothing of what was found, file names included: the list itself may be printed, logged and mailed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from soko.disclosure import allowed as permitted, gather, latin
from soko.disclosure.needles import Needles, Person, normal, phrase
from soko.disclosure.opened import pieces
from soko.disclosure.spellings import given_forms, letters, plain, surname_forms
from soko.disclosure.texts import Closed, Piece
from soko.errors import UsageError
from soko.intake.names import PersonName
from soko.workspace import Workspace

CLOSED = "не удалось заглянуть внутрь"
HIDDEN = "***"
_SHORTEST_ALONE = 4  # letters of a surname that is a leak without a first name


@dataclass(frozen=True, order=True)
class Leak:
    """Something found: the file (relative, without names), the place within it, what it is (Russian)."""

    file: str
    where: str
    kind: str


def personal(workspace: Workspace, phrases: Iterable[str] = (), *, on: date | None = None) -> Needles:
    """What nothing public may hold: everybody of data/private and data/incoming, in all spellings.

    ``phrases``: exact words that tell of a small group (hidden cells as a sentence would say them). ``on``: the day of
    publication, for consents that end (``soko.disclosure.allowed``).
    """
    found = gather.held(workspace)
    free = permitted.allowed(workspace, on)
    by_initials = permitted.by_initials(free)
    # Whom school.yaml names by initials may stand in public with the first name that the staff list has.
    by_given = permitted.by_given([*free, *_in_full(found.people, by_initials)])
    free_surnames = {form for name in free for form in surname_forms(name.surname)}
    people: list[Person] = []
    surnames: dict[str, list[int]] = {}
    skeletons: dict[str, set[tuple[str, str]]] = {}
    shared = 0
    for whose, name in sorted(found.people, key=lambda item: (_ORDER[item[0]], item[1].full)):
        own, first = permitted.initials(name), letters(name.first)
        forms = surname_forms(name.surname)
        shared += any((form, own) in by_initials for form in forms)
        patronymic = name.patronymic.split()
        people.append(
            Person(
                given_forms(first) if len(first) > 1 else frozenset(),
                given_forms(patronymic[0]) if patronymic and len(patronymic[0]) > 1 else frozenset(),
                own,
                whose,
            )
        )
        for form in forms:
            surnames.setdefault(form, []).append(len(people) - 1)
        for half in {name.surname, *name.surname.split("-")}:
            if entry := latin.of(half, first, own):
                skeletons.setdefault(entry[0], set()).add(entry[1])
    known = frozenset(gather.dates_of(workspace.params))
    return Needles(
        people=tuple(people),
        surnames={form: tuple(numbers) for form, numbers in surnames.items()},
        alone=frozenset(form for form in surnames if form not in free_surnames and _telling(form)),
        allowed=by_initials,
        allowed_full=by_given,
        latin=latin.LatinNames({key: tuple(sorted(own)) for key, own in skeletons.items()}),
        births=frozenset(found.births),
        known=known & frozenset(found.births),
        snils=frozenset(found.snils),
        phones=frozenset(found.phones),
        emails=frozenset(found.emails),
        passports=frozenset(found.passports),
        phrases=tuple(sorted({line for line in map(phrase, phrases) if line})),
        shared=shared,
        unread=len(found.unread),
    )


def _in_full(people: Iterable[tuple[str, PersonName]], by_initials: frozenset[tuple[str, str]]) -> list[PersonName]:
    """Workers who may be named, as the files have them."""
    return [
        name
        for whose, name in people
        if whose == gather.STAFF and (plain(name.surname), permitted.initials(name)) in by_initials
    ]


_ORDER = {gather.PUPIL: 0, gather.STAFF: 1, gather.OTHER: 2}


#: (bytes of a file, its pieces) → (place, kind) of what else is wrong with it.
Also = Callable[[bytes, list[Piece | Closed]], Iterable[tuple[str, str]]]
#: Bytes of a file → (place, kind) of all that is looked for, where it is not people.
Instead = Callable[[bytes], Iterable[tuple[str, str]]]


class Memory(Protocol):
    """Contents in which nothing was found, by the same search (``soko.disclosure.searched``)."""

    def __contains__(self, content: bytes) -> bool:
        """Whether the bytes are known to be clean."""

    def add(self, content: bytes) -> None:
        """Remember that they are."""


def search(
    folder: Path,
    needles: Needles,
    *,
    also: Also | None = None,
    instead: Instead | None = None,
    memory: Memory | None = None,
) -> list[Leak]:
    """All leaks of a folder (or one file), each kind and place once, in a fixed order.

    ``also`` looks for more while a file is open: ``soko.disclosure.properties.checker(workspace)``; ``instead`` looks
    for something else than people. What ``memory`` has is not opened again; names of files are looked at always.
    Raises UsageError when the folder does not exist or holds no files: nothing was checked then.
    """
    if not folder.exists():
        raise UsageError(f"папки {folder} нет", todo="укажите папку, которую готовите к публикации")
    root = folder if folder.is_dir() else folder.parent
    every = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
    files = [path for path in every if path.is_file()]
    if not files:
        raise UsageError(f"в папке {folder} нет файлов", todo="укажите папку, которую готовите к публикации")
    leaks: set[Leak] = set()
    for path in every:
        relative = path.relative_to(root)
        for _, kind in needles.find(path.name):
            leaks.add(Leak(masked(relative, needles), "имя файла" if path.is_file() else "имя папки", kind))
    clean: set[bytes] = set()
    for path in files:
        file, content = masked(path.relative_to(root), needles), path.read_bytes()
        if memory is not None and content in memory:
            continue
        if instead is not None:
            found = {(shown(where, needles), kind) for where, kind in instead(content)}
        else:
            found = inside(content, needles, clean, also)
        leaks |= {Leak(file, where, kind) for where, kind in found}
        if memory is not None and not found:
            memory.add(content)
    return sorted(leaks)


def inside(
    content: bytes, needles: Needles, clean: set[bytes] | None = None, also: Also | None = None
) -> set[tuple[str, str]]:
    """(place, kind) of everything found within one file.

    ``clean``: digests of texts in which nothing was found; the styles of forty Word files are one text.
    """
    met: set[tuple[str, str]] = set()
    clean = set() if clean is None else clean
    opened = list(pieces(content))
    if also is not None:
        met |= {(shown(where, needles), kind) for where, kind in also(content, opened)}
    for piece in opened:
        if isinstance(piece, Closed):
            met.add((shown(piece.inside, needles), f"{CLOSED}: {piece.why}"))
            continue
        digest = hashlib.blake2b(piece.text.encode("utf-8", "surrogatepass"), digest_size=20).digest()
        if digest in clean:
            continue
        # positions are those of the normal text, which has the lines of the original
        told = Piece(normal(piece.text), piece.inside, piece.unit, piece.places)
        found = list(needles.find(told.text))
        met |= {(shown(told.where(at), needles), kind) for at, kind in found}
        if not found:
            clean.add(digest)
    return met


def masked(path: Path, needles: Needles) -> str:
    """A path with forward slashes in which a name of a file or a folder that tells of somebody is not repeated."""
    return "/".join(shown(part, needles, Path(part).suffix) for part in path.parts)


def shown(place: str, needles: Needles, suffix: str = "") -> str:
    """A place as it may be printed: without a name that stands in it."""
    return HIDDEN + suffix if place and needles.touches(place) else place


@lru_cache(maxsize=1)
def _morphology() -> object:
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


def _telling(form: str) -> bool:
    """Whether a surname's form means nothing but a surname: «Хабибуллин» and not «Волков» or «Белых»."""
    if len(form) < _SHORTEST_ALONE:
        return False
    morph = _morphology()
    if not morph.word_is_known(form):  # type: ignore[attr-defined]
        return True
    return all("Surn" in parse.tag for parse in morph.parse(form))  # type: ignore[attr-defined]


def counted(folder: Path) -> int:
    """How many files there are to be looked into."""
    return sum(path.is_file() for path in folder.rglob("*")) if folder.is_dir() else 1
