"""What the analyst has written for a note in the period's settings, checked, faults with their line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

from soko import resources
from soko.edits import Cause, Edit
from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.notes import telling
from soko.notes.data import ACADEMIC, NoteData
from soko.yamlio import load_raw

#: Places of a note that are no section of its rule file.
ENDING = ("conclusions", "recommendations", "general")
#: Sections of rules that stand within another section of the note on academic results.
_WITHIN = {ACADEMIC: {"grades"}}


def commentary(data: NoteData) -> dict[str, str]:
    """Section → Markdown; ConfigError with the line for a note or a section that does not exist."""
    found = _sections(data, "commentary")
    return {section: text.strip() for section, text in found.items() if isinstance(text, str) and text.strip()}


def causes(data: NoteData) -> dict[str, list[Cause]]:
    """Section → supposed causes, whose ids are not checked here."""
    found = _sections(data, "causes")
    return {
        section: [item if isinstance(item, Cause) else Cause(id=item) for item in items]
        for section, items in found.items()
    }


def edits(data: NoteData) -> list[Edit]:
    """Changes of the note's conclusions and recommendations; ConfigError with the line for a rule that it has not."""
    every = data.params.period(data.period).edits
    for name in every:
        _known_note(data, "edits", name)
    own = every.get(name_of(data), [])
    rules = [item.rule.id for item in telling.book(data).rules]
    seen: set[str] = set()
    for number, edit in enumerate(own):
        at = ("edits", name_of(data), number)
        if edit.rule and edit.rule not in rules:
            hint = did_you_mean(edit.rule, rules)
            refuse(data, (*at, "rule"), f"правка к правилу «{edit.rule}», которого в справке «{data.note}» нет{hint}")
        if edit.whose and edit.whose not in data.school.responsible:
            hint = did_you_mean(edit.whose, sorted(data.school.responsible))
            refuse(data, (*at, "whose"), f"в responsible (params/school.yaml) нет «{edit.whose}»{hint}")
        if edit.key in seen:
            refuse(data, at, f"две правки к правилу «{edit.rule}» – объедините их")
        seen.add(edit.key)
    return own


def documents(data: NoteData) -> list[tuple[str, str]]:
    """(note, class or subject) of every document for which the period's settings have something written."""
    settings = data.params.period(data.period)
    found: dict[tuple[str, str], None] = {}
    for written in (settings.commentary, settings.causes):
        for key, value in written.items():
            note, _, of = key.partition(":") if isinstance(value, dict) else (ACADEMIC, "", "")
            found[note, of] = None
    for key in settings.edits:
        note, _, of = key.partition(":")
        found[note, of] = None
    return list(found)


def name_of(data: NoteData) -> str:
    """How the settings call the document: «conditions», «class_teacher:7А»."""
    return ":".join([data.note, *data.focus.values()])


def refuse_cause(data: NoteData, section: str, cause: str, message: str) -> NoReturn:
    """ConfigError at the line of a supposed cause."""
    found: Any = data.params.period(data.period).causes
    at: tuple[Any, ...] = ("causes", name_of(data), section) if name_of(data) in found else ("causes", section)
    items = found[name_of(data)][section] if name_of(data) in found else found[section]
    ids = [item if isinstance(item, str) else item.id for item in items]
    refuse(data, (*at, ids.index(cause)), message)


def refuse(data: NoteData, at: tuple[Any, ...], message: str, todo: str = "") -> NoReturn:
    """ConfigError with the line of the period's settings."""
    path = data.params.period_file(data.period)
    lines = load_raw(path)[1]
    while at and at not in lines:
        at = at[:-1]
    raise ConfigError(
        message,
        where=f"{data.workspace.relative(path)}, строка {lines.get(at, 1)}",
        todo=todo or "исправьте файл и повторите команду",
    )


def _sections(data: NoteData, kind: str) -> dict[str, Any]:
    """What stands under a key of the settings for this note, by section."""
    every: dict[str, Any] = getattr(data.params.period(data.period), kind)
    known = [item.id for item in telling.book(data).file.sections if item.id not in _WITHIN.get(data.note, ())]
    known = [*known, *ENDING]
    found: dict[str, Any] = {}
    for key, value in every.items():
        flat = not isinstance(value, dict)
        if not flat:
            _known_note(data, kind, key)
        if key == name_of(data) and not flat:
            found |= {section: (text, (kind, key, section)) for section, text in value.items()}
        elif flat and data.note == ACADEMIC:
            found[key] = (value, (kind, key))
    for section, (_, at) in found.items():
        if section not in known:
            words = {"commentary": "комментарий", "causes": "предположение о причине"}[kind]
            hint = did_you_mean(section, known)
            refuse(data, at, f"{words} к неизвестному разделу «{section}»{hint}", f"разделы: {', '.join(known)}")
    return {section: value for section, (value, _) in found.items()}


def _known_note(data: NoteData, kind: str, name: str) -> None:
    """Refuse the name of a note that does not exist, or that does not say which class or subject it is about."""
    note, _, of = name.partition(":")
    known = [
        item
        for item in resources.notebooks("notes", data.workspace.notebooks)
        if resources.narrative(item, data.workspace.params).is_file()
    ]
    if note not in known:
        refuse(data, (kind, name), f"справки «{note}» нет{did_you_mean(note, known)}", f"справки: {', '.join(known)}")
    focus = telling.book(replace(data, note=note)).file.focus
    if bool(of) != bool(focus):
        words = f"укажите, какая: «{note}:7А»" if focus else f"справка «{note}» составляется по школе целиком"
        refuse(data, (kind, name), f"«{name}»: {words}")
