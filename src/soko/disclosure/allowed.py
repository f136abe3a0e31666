"""Who may be named: the people of params/school.yaml, those of params/reports/allowed_names.yaml, winners by consent.

allowed_names.yaml is a list of entries: name as it may be printed, ground (the consent and its number, or why none is
needed), from and until (dates; a consent to publication ends). A consent that has ended names nobody any longer.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field, model_validator

from soko.disclosure import identifiers
from soko.disclosure.spellings import given_forms, letters, plain, surname_forms
from soko.intake.names import PersonName, parse_name
from soko.params import Params
from soko.reports import winners
from soko.workspace import Workspace
from soko.yamlio import Strict, load, load_raw

FILE = Path("reports") / "allowed_names.yaml"
REQUISITES = Path("reports") / "self_assessment" / "school.yaml"


class Consent(Strict):
    """One person who may be named in public: «Фамилия Имя» or «Фамилия И.О.», and on what ground."""

    name: str
    ground: str = Field(min_length=3)
    since: date = Field(alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _right(self) -> Consent:
        parts = parse_name(self.name)
        if parts is None or not parts.first:
            raise ValueError("name – фамилия и имя (или инициалы) одного человека")
        if self.until is not None and self.until < self.since:
            raise ValueError("until раньше, чем from")
        return self

    def holds(self, on: date | None) -> bool:
        """Whether the consent holds on a day; without a day, whether it has no end."""
        return self.until is None if on is None else self.since <= on and (self.until is None or on <= self.until)


class Contact(Strict):
    """A telephone or an address of mail of the school itself, and why it may be printed."""

    value: str = Field(min_length=5)
    ground: str = Field(min_length=3)


class AllowedNames(Strict):
    """params/reports/allowed_names.yaml."""

    names: list[Consent] = Field(default_factory=list)
    contacts: list[Contact] = Field(default_factory=list)


def allowed(workspace: Workspace, on: date | None = None) -> list[PersonName]:
    """People who may be named on a day (without one: whose consent has no end)."""
    school = Params(workspace).school
    written = [school.director.name, school.author.name, *(person.name for person in school.responsible.values())]
    path = workspace.params / FILE
    if path.is_file():
        written += [consent.name for consent in load(path, AllowedNames).names if consent.holds(on)]
    # Written by nobody but the public report, which asks for a consent (soko.reports.winners); it may have ended since.
    for released in sorted(workspace.root.glob(f"outputs/**/public/{winners.NAME}")):
        written += [winner.name for winner in winners.still(workspace, released.parent, on)]
    return [parts for parts in map(_turned, written) if parts is not None and parts.first]


def contacts(workspace: Workspace) -> list[str]:
    """Telephones and mail of the school itself: those listed, and the requisites of its self-assessment."""
    path, own = workspace.params / FILE, workspace.params / REQUISITES
    found = [item.value for item in load(path, AllowedNames).contacts] if path.is_file() else []
    given = load_raw(own)[0] if own.is_file() else {}
    listed = given.get("requisites") if isinstance(given, dict) else None
    values = [str(item.get("value", "")) for item in listed or [] if isinstance(item, dict)]
    for value in values:
        found += [value[start:end] for start, end in identifiers.contacts(value)]
    return found


def _turned(written: str) -> PersonName | None:
    """A name with its surname first, also where it is printed «И. И. Иванов»."""
    parts = parse_name(written)
    if parts is not None and len(parts.surname) == 1:
        words = [parts.first, parts.patronymic] if parts.patronymic else [parts.first]
        words = " ".join(words).split()
        return PersonName(words[-1], parts.surname, words[0] if len(words) > 1 else "")
    return parts


def initials(name: PersonName) -> str:
    """Plain initials: «ии»."""
    return plain(name.first[:1] + name.patronymic[:1])


def by_initials(names: list[PersonName]) -> frozenset[tuple[str, str]]:
    """(form of the surname, initials) under which these people are printed: both initials, and the first alone."""
    return frozenset(
        (form, own)
        for name in names
        for form in surname_forms(name.surname)
        for own in (initials(name), initials(name)[:1])
        if own
    )


def by_given(names: list[PersonName]) -> frozenset[tuple[str, str]]:
    """(form of the surname, form of the first name) of those whose first name is known."""
    return frozenset(
        (form, given)
        for name in names
        if len(letters(name.first)) > 1
        for form in surname_forms(name.surname)
        for given in given_forms(name.first)
    )
