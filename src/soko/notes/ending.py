"""The end of the note: conclusions, recommendations, the analyst's commentary, signatures."""

from __future__ import annotations

from soko import russian
from soko.analysis.narrative import Narrative, Sentence
from soko.notes import commentary, hidden, telling
from soko.notes.data import ACADEMIC, NoteData
from soko.notes.edits import OWN
from soko.notes.evidence import Stood, reference, with_reference
from soko.notes.folded import folded
from soko.publish.blocks import Block, Head, Prose, Row, Signature, Signatures, Table

#: The section of pupils who fail: what it concludes is told before everything else.
AT_RISK = "risk"


def conclusions(data: NoteData, narrative: Narrative, stood: Stood | None = None) -> list[Block]:
    """Conclusions by rule: pupils who fail first, then what is to be corrected, strengths, other concerns.

    Beside each stands the table or chart that has its figures; ``stood`` is what the note has shown.
    """
    lines = [
        f"{i}. {with_reference(data, item.text, item.rule, stood or Stood())}"
        for i, item in enumerate(ordered(narrative), start=1)
    ]
    nothing = "Существенных изменений по правилам справки не обнаружено."
    if data.note == ACADEMIC and data.unmarked:
        nothing = "Отметок за период нет, выводы об успеваемости не делаются."
    elif not telling.has_data(data):
        nothing = "Данных для справки нет, выводы не делаются."
    if data.public and any(item.partial for item in narrative.conclusions):
        lines.append(f"\n{hidden.REMARK}")
    text = "\n".join(lines) or nothing
    return [Prose(markdown=f"## Выводы\n\n{text}"), *commentary.blocks(data, "conclusions")]


def ordered(narrative: Narrative) -> list[Sentence]:
    """The conclusions in the order in which they are told."""
    return sorted(narrative.conclusions, key=_place)


def _place(item: Sentence) -> int:
    if item.section == AT_RISK and item.severity == "concern":
        return 0
    if item.section == "data":
        return 1
    if item.section == OWN:
        return 4
    return 3 if item.severity == "concern" else 2


def recommendations(data: NoteData, narrative: Narrative, stood: Stood | None = None) -> list[Block]:
    """What, who, by when, on what ground and where its figures stand; the nearest date first."""
    rows = [
        Row(cells=[str(i) if part is item.parts[0] else "", part.what, part.who, russian.day(item.due), ground])
        for i, item in enumerate(folded(narrative.recommendations), start=1)
        for part in item.parts
        for ground in (_ground(part.basis, reference(data, item.rule, stood or Stood(), f"{part.what} {part.basis}")),)
    ]
    if not rows and not telling.has_data(data):
        return [Prose(markdown="## Рекомендации\n\nДанных для справки нет, рекомендаций нет.")]
    if not rows:
        return [Prose(markdown="## Рекомендации\n\nПоводов для рекомендаций по правилам справки нет.")]
    table = Table(
        caption="Рекомендации",
        columns=[
            Head(title="№", align="right", width=0.4),
            Head(title="Что сделать", width=3.2),
            Head(title="Кто", width=1.9),
            Head(title="Срок", width=1.2),
            Head(title="Основание", width=2.8),
        ],
        rows=rows,
        label="recommendations",
    )
    return [Prose(markdown="## Рекомендации"), table, *commentary.blocks(data, "recommendations")]


def _ground(basis: str, where: str) -> str:
    return russian.upper_first(f"{basis} ({where})" if basis and where else basis or where)


def comments(data: NoteData) -> list[Block]:
    """The analyst's commentary on the whole (section ``general``)."""
    made = commentary.blocks(data, "general")
    return [Prose(markdown="## Комментарий составителя"), *made] if made else []


def signatures(data: NoteData) -> list[Block]:
    """Who made the note; lines for those who have read it."""
    author = data.school.author
    lines = [
        Signature(
            post=f"Составитель: {author.post[:1].lower()}{author.post[1:]}", name=russian.initials_first(author.name)
        )
    ]
    return [Signatures(lines=lines, acquainted=3)]
