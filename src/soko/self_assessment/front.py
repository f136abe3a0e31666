"""Pages of the report around its sections: title, general information, lists for whoever answers for it."""

from __future__ import annotations

from datetime import date

from soko import russian
from soko.notes import cover
from soko.notes.data import NoteData
from soko.publish.blocks import Block, Callout, Head, Meta, PageBreak, Prose, Row, Signature, Table, Title
from soko.russian import NBSP
from soko.school import School
from soko.self_assessment.own import Paper
from soko.self_assessment.settings import Files, Section
from soko.self_assessment.texts import TO_WRITE, Text
from soko.self_assessment.verdict import Remark, is_draft, open_remarks

DRAFT = "ПРОЕКТ"
COPY = {"internal": "Экземпляр для учредителя", "public": cover.MARK}
_LISTED = 12


def title(data: NoteData, files: Files, audience: str, remarks: list[Remark]) -> list[Block]:
    """The title page; of a draft the mark on it and in the running head, and a list of what is missing."""
    school, year, decided = data.school, data.period.year, files.year(data.period.year)
    # What a public edition hides is no gap; that nothing else keeps it a draft was asked before it is made.
    draft = audience == "internal" and is_draft(remarks)
    name = f"Отчёт о результатах самообследования за {year} год"
    approved = decided.approved
    marks = [COPY[audience], DRAFT if draft else ""]
    made: list[Block] = [
        Meta(
            title=f"{name} ({DRAFT.lower()})" if draft else name,
            running_head=(f"{cover.MARK}. " if audience == "public" else "")
            + f"{school.name_short}. Самообследование, {year} год"
            + (f". {DRAFT}" if draft else ""),
            date=(approved.date if approved else files.due(year)).isoformat(),
            audience="public" if audience == "public" else "internal",
            author=school.name_short,
        ),
        Title(
            school=school.name_full,
            approve=Signature(post=school.director.post, name=russian.initials_first(school.director.name)),
            approved=f"приказ {_paper(approved)}" if approved else "",
            considered=_considered(school, decided.considered),
            title="Отчёт о результатах самообследования",
            subtitle=f"за {year} календарный год\n{school.place}, {year + 1}{NBSP}г.",
            mark=". ".join(mark for mark in marks if mark),
            alone=True,
        ),
    ]
    if draft and audience == "internal":
        made.append(_why_draft(open_remarks(remarks, "draft")))
    return [*made, PageBreak()]


def general(data: NoteData, files: Files) -> list[Block]:
    """Orders, dates, commission and the table of requisites."""
    year = data.period.year
    span = data.params.dates(data.period)
    basis, decided, due = files.settings.basis_on(span.end), files.year(year), files.due(year)
    lines = [
        f"Самообследование проведено в соответствии с документами: {basis.law}; {basis.procedure}; {basis.indicators}.",
        russian.sentence(f"**Отчётный период:** {russian.day_range(span.start, span.end)}")
        + " Показатели взяты на дату или за период, которые названы рядом с ними. **Срок** направления отчёта "
        f"учредителю и размещения на сайте – не позднее {russian.day(due)}",
    ]
    if decided.ordered:
        ordered = f"**Основание:** приказ {_paper(decided.ordered)} о проведении самообследования."
        if decided.commission:
            ordered += " Комиссия: " + "; ".join(decided.commission) + "."
        lines.append(ordered)
    rows = [Row(cells=["Наименование организации", f"{data.school.name_full} ({data.school.name_short})"])]
    rows += [Row(cells=[item.title, item.value]) for item in files.school.requisites]
    made: list[Block] = [
        Prose(markdown="# " + files.settings.sections["general"].title + "\n\n" + "\n\n".join(lines)),
        Table(
            caption="Общие сведения",
            columns=[Head(title="Сведения", width=2), Head(title="Значение", width=4.4)],
            rows=rows,
            label="requisites",
        ),
    ]
    return made


def about_indicators(data: NoteData, files: Files) -> str:
    """The paragraph above the table of order 1324."""
    basis = files.settings.basis_on(data.params.dates(data.period).end)
    return (
        f"Показатели деятельности утверждены: {basis.indicators}. В таблице {{{{table:order_1324}}}} рядом с каждым "
        f"показателем – значение за {data.period.year - 1} год, изменение, дата или период и источник."
    )


def to_write(section: Section, text: Text) -> Callout:
    """In place of a text that is not there."""
    about = f" О чём: {section.about}." if section.about else ""
    return Callout(kind="warning", title=TO_WRITE, markdown=f"Файл `{text.place}`.{about}")


def planned(recommended: list[tuple[str, str]]) -> list[Block]:
    """What the rules of the notes recommend, and who does it."""
    if not recommended:
        return []
    rows = [Row(cells=[str(at), what, who]) for at, (what, who) in enumerate(recommended, start=1)]
    return [
        Prose(markdown="## Планируемые мероприятия по выявленным проблемам"),
        Table(
            caption="Планируемые мероприятия",
            columns=[
                Head(title="№", align="right", width=0.4),
                Head(title="Мероприятие", width=4.4),
                Head(title="Ответственный", width=2.4),
            ],
            rows=rows,
            label="planned",
        ),
    ]


def unchanged(data: NoteData, remarks: list[Remark]) -> list[Block]:
    """For the founder: what is as a year ago or looks doubtful, and who says that it is right."""
    told = [remark for remark in remarks if remark.kind in ("unchanged", "doubt") and remark.what]
    if not told:
        return []
    rows = [Row(cells=[remark.place, _of_line(remark), remark.confirmed or "ждёт подтверждения"]) for remark in told]
    return [
        Prose(markdown="# Приложение. Подтверждённые значения\n\nЗначения, которые не изменились с прошлого года или "
              "требуют пояснения; публичный экземпляр отчёта этого приложения не содержит."),
        Table(
            caption=f"Значения, совпавшие с отчётом за {data.period.year - 1} год, и сомнительные сочетания",
            columns=[
                Head(title="Где", width=1.2),
                Head(title="Что", width=3.6),
                Head(title="Кто подтвердил, когда, почему", width=3),
            ],
            rows=rows,
            label="confirmed",
        ),
    ]  # fmt: skip


def _of_line(remark: Remark) -> str:
    """The message without the code of its line, which stands beside it."""
    return russian.upper_first(remark.message.removeprefix(f"{remark.place}: "))


def _why_draft(found: list[Remark]) -> Callout:
    listed = [f"- {remark.told}" for remark in found[:_LISTED]]
    if len(found) > _LISTED:
        listed.append(f"- и ещё {len(found) - _LISTED}")
    return Callout(
        kind="warning",
        title="Это проект отчёта",
        markdown="\n".join(["Отчёт нельзя утвердить и опубликовать, пока не сделано следующее:", "", *listed]),
    )


def _considered(school: School, papers: list[Paper]) -> str:
    if not papers:
        return school.minutes
    return "\n".join(f"{paper.body or school.considered_by},\nпротокол {_paper(paper)}" for paper in papers)


def _paper(paper: Paper) -> str:
    return f"от {_short(paper.date)} №{NBSP}{paper.number}"


def _short(day: date) -> str:
    return f"{day:%d.%m.%Y}"
