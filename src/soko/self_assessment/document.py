"""The report as display blocks: what the notebook reports/self_assessment calls.

Everything is put together when it is first asked for, because the title page says whether it is a draft, and that
follows from the whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from soko import russian
from soko.errors import UsageError
from soko.indicators import taken
from soko.notes import definitions
from soko.notes.base import Blocks
from soko.notes.data import NoteData, read
from soko.params import Params
from soko.periods import Period
from soko.publish.blocks import Block, Contents, PageBreak, Prose, Signature, Signatures, Table
from soko.reports import numbers
from soko.self_assessment import carried, front, line_table, lines, references, texts, verdict
from soko.self_assessment.references import Filled
from soko.self_assessment.reused import Notes
from soko.self_assessment.settings import CONCLUSIONS, GENERAL, Files
from soko.self_assessment.verdict import Remark
from soko.workspace import Workspace

AUDIENCES = ("internal", "public")
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_HEADING = re.compile(r"^(#{1,3}) ", re.MULTILINE)
_MOST = 30  # conclusions by rule of one kind


def open_self_assessment(
    workspace: str = "", period: str = "", audience: str = "internal", out: str = ""
) -> SelfAssessment:
    """The report of a calendar year. Empty values mean the nearest workspace and the year before the current period.

    ``out`` is the folder of a run that is not published yet. Raises DataError where the report may not be made.
    """
    place = Workspace.open(workspace or None)
    current = Period.parse(Params(place).school.current_period)
    when = Period.parse(period) if period else Period(current.year, "calendar")
    if when.kind != "calendar":
        raise UsageError(
            f"самообследование проводится за календарный год, а указан период {when.id}",
            todo="укажите год: soko self-assessment 2025",
        )
    if audience not in AUDIENCES:
        raise UsageError(f"экземпляр «{audience}» неизвестен", todo="укажите internal (полный) или public (публичный)")
    folder = Path(out) if out else place.outputs(when)
    more: dict[str, Any] = {} if audience == "internal" else {"audience": audience}
    return SelfAssessment(read(place, when, folder, **more), folder, audience)


@dataclass
class _Built:
    """The whole report: blocks of its parts, texts with their figures, remarks."""

    analytical: list[Block] = field(default_factory=list)
    general: list[Block] = field(default_factory=list)
    indicators: list[Block] = field(default_factory=list)
    closing: list[Block] = field(default_factory=list)
    unwritten: list[Block] = field(default_factory=list)  # optional sections of the end, marked in a draft alone
    remarks: list[Remark] = field(default_factory=list)

    @property
    def every(self) -> list[Block]:
        """All blocks but the title and the annexes."""
        return [*self.general, *self.analytical, *self.indicators, *self.closing]


class SelfAssessment:
    """Parts of the report; each method gives the blocks of one."""

    def __init__(self, data: NoteData, folder: Path, audience: str = "internal") -> None:
        self.data = data
        self.files = Files(data.workspace)
        self.audience = audience
        self.year = data.period.year
        self.order = lines.order_of(data)
        self.model = self.files.settings.chosen()
        verdict.refuse_unordered(self.files, data.period)
        self.sources = sources_of(folder)
        self.lines = lines.lines(data, self.files.settings, self.sources)
        verdict.refuse_broken(self.order, self.lines)

    # --- parts ---------------------------------------------------------------------------------------------------

    def title(self) -> Blocks:
        """Title page with approval and consideration; what keeps a draft from being the report."""
        return Blocks(front.title(self.data, self.files, self.audience, self._built.remarks))

    def contents(self) -> Blocks:
        """Table of contents."""
        return Blocks([Contents(), PageBreak()])

    def general(self) -> Blocks:
        """On which orders the report rests, who made it, requisites of the school."""
        return Blocks(self._built.general)

    def analytical(self) -> Blocks:
        """The ten assessments of order 462, in the order of the chosen model."""
        return Blocks(self._built.analytical)

    def indicators(self) -> Blocks:
        """The table of order 1324, where the model has it inside the report."""
        return Blocks(self._built.indicators if self.model.table == "inside" else [])

    def conclusions(self) -> Blocks:
        """Analysis of the indicators, conclusions by rule and in the school's words, what is planned."""
        built = self._built
        return Blocks([*built.closing, *(built.unwritten if verdict.is_draft(built.remarks) else [])])

    def annexes(self) -> Blocks:
        """The table where the model has it as an annex; what is as a year ago; definitions."""
        made: list[Block] = [] if self.model.table == "inside" else [PageBreak(), *self._built.indicators]
        if self.audience == "internal":
            made += front.unchanged(self.data, self._built.remarks)
        defined = definitions.annex(self.data, self._defined)
        made.append(Prose(markdown="# Приложение. Определения показателей"))
        if defined is not None:
            made.append(
                defined.model_copy(update={"caption": "Определения показателей приказа № 1324 и текста отчёта"})
            )
        return Blocks(made)

    def signatures(self) -> Blocks:
        """The head signs."""
        director = self.data.school.director
        return Blocks([Signatures(lines=[Signature(post=director.post, name=russian.initials_first(director.name))])])

    @property
    def remarks(self) -> list[Remark]:
        """Everything that was found about the report."""
        return self._built.remarks

    def judged(self, tables: list[Table]) -> list[Remark]:
        """Everything that was found about the report, of which ``tables`` are the tables."""
        found = verdict.of_settings(self.files, self.year)
        found += verdict.of_lines(self.order, self.lines, self.files, self.year, self.before)
        known = numbers.held_by(tables, (fact.value for fact in self.files.school.facts.values()))
        found += verdict.of_texts(self._filled, self._given, known)
        found += verdict.of_carried(self.files, self.year, tables, self.before)
        return found + verdict.idle(self.files, self.year, found)

    @cached_property
    def before(self) -> carried.Last | None:
        """Last year's report."""
        figures = {line.code.code: line.previous for line in self.lines if line.first and line.previous != "нс"}
        return carried.last(self.files, self.year, figures)

    # --- how it is put together ------------------------------------------------------------------------------------

    @property
    def _defined(self) -> list[str]:
        """Indicators of the order and of the texts; those of the sections of notes are defined in the notes."""
        named = [name for text in self._given.values() for name in references.indicators(text)]
        return list(dict.fromkeys([*(line.indicator for line in self.lines if line.known), *named]))

    @cached_property
    def _given(self) -> dict[str, texts.Text]:
        return texts.every(self.files, self.year)

    @cached_property
    def _filled(self) -> dict[str, Filled]:
        return {name: references.fill(self.data, self.files, text, self.sources) for name, text in self._given.items()}

    @cached_property
    def _built(self) -> _Built:
        built = _Built()
        notes = Notes(self.data, self.audience, self.sources)
        built.general = [*front.general(self.data, self.files), *self._text(GENERAL)]
        built.analytical = [Prose(markdown=f"# {self.model.analytical}")]
        for at, name in enumerate(self.model.sections, start=1):
            built.analytical += self._section(at, name, notes)
        built.indicators = [
            Prose(markdown=f"# {self.model.statistical}\n\n{front.about_indicators(self.data, self.files)}"),
            line_table.table(self.data, self.order, self.lines, f"Показатели деятельности за {self.year} год"),
        ]
        self._close(built, notes)
        built.remarks = self.judged([block for block in built.every if isinstance(block, Table)])
        return built

    def _section(self, at: int, name: str, notes: Notes) -> list[Block]:
        section = self.files.settings.sections[name]
        number = _ROMAN[at] if self.model.numbers == "roman" else str(at)
        made: list[Block] = [Prose(markdown=f"## {number}. {section.title}"), *self._text(name)]
        for reuse in section.reuse:
            made += notes.blocks(reuse)
        return made

    def _text(self, name: str) -> list[Block]:
        """The school's text of a section; where there is none, the mark that it is to be written."""
        text = self._given.get(name)
        if text is None:
            return []
        if text.is_written:
            return [Prose(markdown=_HEADING.sub(r"##\1 ", self._filled[name].markdown.strip()))]
        section = self.files.settings.sections[name]
        if self.audience == "public" or (name == GENERAL and section.text == "optional"):
            return []
        return [front.to_write(section, text)]

    def _close(self, built: _Built, notes: Notes) -> None:
        """What the rules conclude, the school's conclusions and plans, what the rules recommend."""
        built.closing = [Prose(markdown=f"# {self.model.conclusions}")]
        said = notes.conclusions()
        for severity, title in (("strength", "Положительные результаты"), ("concern", "Выявленные проблемы")):
            if found := said.get(severity, [])[:_MOST]:
                listed = "\n".join(f"{at}. {text}" for at, text in enumerate(found, start=1))
                built.closing.append(Prose(markdown=f"## {title}\n\n{listed}"))
        for name in self.model.closing:
            section = self.files.settings.sections[name]
            own = self._text(name)
            written = name not in self._given or self._given[name].is_written
            if own:
                place = built.closing if written or section.text == "required" else built.unwritten
                place += [Prose(markdown=f"## {section.title}"), *own]
            if name == CONCLUSIONS:
                built.closing += front.planned(notes.recommendations())


def sources_of(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Rows of sources.csv by indicator; none for a year that is not put together of parts."""
    table = taken.read(folder)
    found: dict[str, list[dict[str, str]]] = {}
    for row in table.to_dict("records") if table is not None else []:
        found.setdefault(str(row["indicator"]), []).append({str(key): str(value) for key, value in row.items()})
    return found
