"""params/subjects.yaml: the subjects of the curriculum, how they are spelt and where they are taught."""

from __future__ import annotations

import re
from datetime import date

from pydantic import Field, model_validator

from soko.dated import Dated, held
from soko.hints import did_you_mean
from soko.yamlio import Strict


class Subject(Strict):
    """A subject of the curriculum. ``counted`` is false for columns that are no subject («Поведение»).

    ``grades``: where it is taught; empty and without ``editions`` means that it may be taught anywhere.
    ``editions``: later changes of ``grades`` by law, each with its date and source.
    ``area``: the subject area; ``School.responsible`` may name who answers for it. ``continued_by``: the subject that
    takes its place in the grade after its last («Математика» → «Алгебра»).
    """

    title: str
    synonyms: list[str] = Field(default_factory=list)
    grades: list[int] = Field(default_factory=list)
    editions: list[Dated[list[int]]] = Field(default_factory=list)
    area: str = ""
    continued_by: str = ""
    counted: bool = True

    def taught_in(self, grade: int, day: date) -> bool:
        """Whether the curriculum in force on ``day`` has the subject in ``grade``."""
        if not self.grades and not self.editions:
            return True
        edition = held(self.editions, day)
        return grade in (edition.value if edition else self.grades)


class Subjects(Strict):
    """params/subjects.yaml: titles and other spellings, none of them standing for two subjects."""

    subjects: list[Subject]

    @model_validator(mode="after")
    def _spelt_once(self) -> Subjects:
        owner: dict[str, str] = {}
        for subject in self.subjects:
            for name in (subject.title, *subject.synonyms):
                key = re.sub(r"[\s.]+", "", name.casefold().replace("ё", "е"))
                if owner.setdefault(key, subject.title) != subject.title:
                    raise ValueError(f"написание «{name}» указано у двух предметов: «{owner[key]}» и «{subject.title}»")
        return self

    @model_validator(mode="after")
    def _continued(self) -> Subjects:
        titles = [subject.title for subject in self.subjects]
        for subject in self.subjects:
            if subject.continued_by and subject.continued_by not in titles:
                hint = did_you_mean(subject.continued_by, titles)
                raise ValueError(f"«{subject.title}»: предмета «{subject.continued_by}» (continued_by) нет{hint}")
        return self

    def goes_on(self, grade: int, day: date, title: str = "", area: str = "") -> bool:
        """Whether pupils of ``grade`` still have the subject, or one of the area, in the next grade on ``day``.

        A subject or area that is not in the list may be taught anywhere.
        """
        chosen = [
            subject for subject in self.subjects if subject.title == title or (not title and subject.area == area)
        ]
        if not chosen or not (title or area):
            return True
        heirs = {subject.continued_by for subject in chosen}
        chosen += [subject for subject in self.subjects if subject.title in heirs]
        return any(subject.taught_in(grade + 1, day) for subject in chosen)
