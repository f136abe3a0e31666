"""Read params/plan.yaml; every name in it must stand for something."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from soko.errors import ConfigError
from soko.hints import did_you_mean, nearest
from soko.params import Params
from soko.plan.model import Plan
from soko.resources import root
from soko.workspace import Workspace
from soko.yamlio import Lines, load, load_raw

FILE = "plan.yaml"
_LISTED = {"objects": "object", "forms": "form", "levels": "levels", "documents": "document"}
_WORDS = {"objects": "объекта", "forms": "формы", "levels": "уровня", "documents": "документа"}


def path_of(workspace: Workspace) -> Path:
    """The workspace's own plan, else the program's: a workspace made before the plan existed has none."""
    own = workspace.params / FILE
    return own if own.is_file() else root() / "params" / FILE


def load_plan(workspace: Workspace, *, bind: bool = True) -> Plan:
    """The plan of the workspace.

    ``bind`` also looks every indicator and table up, which reads the whole catalogue; ``soko status`` leaves it out.
    Procedures of grades that the school does not have are left out. ConfigError names the file, the line and the
    nearest valid name.
    """
    path = path_of(workspace)
    plan = load(path, Plan)
    _, lines = load_raw(path)
    seen: set[str] = set()
    for number, item in enumerate(plan.procedures):
        at: tuple[Any, ...] = ("procedures", number)
        if item.id in seen:
            raise _wrong(path, lines, (*at, "id"), f"процедура «{item.id}» записана дважды")
        seen.add(item.id)
        for names, key in _LISTED.items():
            value = getattr(item, key)
            known = list(getattr(plan, names))
            for place, name in enumerate(value) if isinstance(value, list) else [(None, value)]:
                where = (*at, key) if place is None else (*at, key, place)
                _must_exist(path, lines, where, _WORDS[names], name, known)
        _own_tables(path, lines, at, item)
    params = Params(workspace)
    _people(path, lines, plan, params)
    if bind:
        _catalogue(path, lines, plan, workspace)
    taught = {grade for level in params.school.levels for grade in level.grades}
    held = [item for item in plan.procedures if not item.grades or taught.intersection(item.grades)]
    return plan.model_copy(update={"procedures": held})


def line_of(workspace: Workspace, key: str, procedure: str, *at: Any) -> str:
    """Where in the file a part of a procedure stands: «params/plan.yaml, строка 7»."""
    path = path_of(workspace)
    raw, lines = load_raw(path)
    number = next(place for place, item in enumerate(raw[key]) if item["id"] == procedure)
    return f"{workspace.relative(path)}, строка {lines.get((key, number, *at), 1)}"


def _own_tables(path: Path, lines: Lines, at: tuple[Any, ...], item: Any) -> None:
    for number, occasion in enumerate(item.occasions):
        for place, name in enumerate(occasion.tables):
            where = (*at, "occasions", number, "tables", place)
            _must_exist(path, lines, where, "таблицы процедуры", name, item.tables)


def _people(path: Path, lines: Lines, plan: Plan, params: Params) -> None:
    """A key that nobody has is well: the post is printed. A misspelt one would hide a name without a word."""
    known = list(params.school.responsible)
    for number, item in enumerate(plan.procedures):
        for place, person in enumerate(item.responsible):
            near = nearest(person.key, known) if person.key and person.key not in known else ""
            if near:
                where = ("procedures", number, "responsible", place, "key")
                message = f"ключа «{person.key}» в school.yaml нет; возможно, имелось в виду «{near}»"
                raise _wrong(path, lines, where, message)


def _catalogue(path: Path, lines: Lines, plan: Plan, workspace: Workspace) -> None:
    from soko.indicators import load_catalogue

    catalogue = load_catalogue(workspace, bind=False)
    for number, item in enumerate(plan.procedures):
        for key, word, known in (
            ("indicators", "показателя", catalogue.indicators),
            ("tables", "таблицы", catalogue.tables),
        ):
            for place, name in enumerate(getattr(item, key)):
                _must_exist(path, lines, ("procedures", number, key, place), word, name, known)


def _must_exist(path: Path, lines: Lines, at: tuple[Any, ...], word: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        raise _wrong(path, lines, at, f"{word} «{name}» нет{did_you_mean(name, names)}")


def _wrong(path: Path, lines: Lines, at: tuple[Any, ...], message: str) -> ConfigError:
    while at and at not in lines:
        at = at[:-1]
    where = f"{path}, строка {lines.get(at, 1)}"
    return ConfigError(message, where=where, todo="исправьте файл и повторите команду")
