"""Title, the page for the head teacher (what is worse, who is responsible, what to decide), the introduction."""

from __future__ import annotations

from soko import russian
from soko.analysis.narrative import Narrative, Sentence
from soko.errors import ConfigError
from soko.notes import deviations, hidden, legend, page_one, table_parts, telling
from soko.notes.data import ACADEMIC, NoteData
from soko.notes.folded import folded
from soko.publish.blocks import Block, Meta, PageBreak, Prose, Signature, Title

_LINES = 4
_DECISIONS = 4
#: Stands over every page of the public edition.
MARK = "Публичный экземпляр"


def title(data: NoteData, audience: str = "internal") -> list[Block]:
    """Facts about the document and its heading with the approval block."""
    school = data.school
    span = data.params.dates(data.period)
    settings = data.params.period(data.period)
    file = telling.book(data).file
    called = name(data)
    director = russian.initials_first(school.director.name)
    mark = MARK if audience == "public" else ""
    head = f"{school.name_short}. {file.running_head or 'Справка'}: {_of(data)}{data.period.short()}"
    return [
        Meta(
            title=f"{file.title} {called}",
            running_head=f"{mark}. {head}" if mark else head,
            date=(settings.approved_on or span.end).isoformat(),
            audience="public" if audience == "public" else "internal",
            author=school.name_short,
            mark=mark,
        ),
        Title(
            school=school.name_full,
            approve=None if mark else Signature(post=school.director.post, name=director),
            considered="" if mark else school.minutes,
            mark=mark,
            title=file.title,
            subtitle=called,
        ),
    ]


def name(data: NoteData) -> str:
    """What the note is about and of when: «об условиях обучения и воспитания за 2-е полугодие …»."""
    return f"{telling.on_focus(data, telling.book(data).file.subtitle)} за {data.period.title('accusative')}".strip()


def main_page(data: NoteData, narrative: Narrative) -> list[Block]:
    """Half a page of deviations with the person responsible, then what to know and what to decide.

    The public edition tells neither who answers for it nor what is to be decided.
    """
    heading_ = "Главное" if data.public else f"Главное для {telling.book(data).file.reader}"
    blocks: list[Block] = [Prose(markdown=f"## {heading_}")]
    rows = deviations.rows(data, narrative)
    first = deviations.table(data, rows) if rows else deviations.instead(data, narrative)
    if first is not None:
        blocks.append(first)
    # What is worse leads, whatever its place among the rules; the figures themselves come after it.
    said = sorted(narrative.headlines(), key=lambda item: item.severity != "concern")
    # The table has the school's own figures already.
    shown = {(item.indicator, item.scope) for item in narrative.deviations}
    lines = [
        item.text
        for item in said
        if not _in_table(item, narrative) and (item.about not in shown or item.about[1] != "overall")
    ]
    decisions = [] if data.public else [item.asked() for item in folded(narrative.recommendations)]
    lines, decisions = page_one.fitting(lines[:_LINES], decisions[:_DECISIONS], rows)
    if lines:
        blocks.append(Prose(markdown="\n".join(f"- {line}" for line in lines)))
    if lines and any(item.partial for item in said):
        blocks.append(Prose(markdown=hidden.REMARK))
    if decisions:
        text = "\n".join(f"{i}. {decision}" for i, decision in enumerate(decisions, start=1))
        blocks.append(Prose(markdown=f"**Решить:**\n\n{text}"))
    return blocks if data.public else [*blocks, PageBreak(flowing=page_one.is_short(first, lines, decisions))]


def introduction(data: NoteData) -> list[Block]:
    """Goal, period, object, methods, basis."""
    span, file = data.params.dates(data.period), telling.book(data).file
    title_of = {
        "previous": ("с прошлым периодом", data.period.previous()),
        "year_ago": ("с тем же периодом прошлого года", data.period.year_ago()),
    }
    compared = [
        f"{title} ({period.title('ordinal')})"
        for title, period in (title_of[which] for which in table_parts.compared(data, file.compare))
    ]
    about = file.about
    if about is None:
        raise ConfigError("в файле справки нет about: цели, объекта и методов", where=str(telling.rules_path(data)))
    lines = [
        russian.sentence(f"**Цель:** {telling.on_focus(data, about.goal)}"),
        russian.sentence(f"**Период:** {data.period.title('ordinal')}, {russian.day_range(span.start, span.end)}"),
        f"**Объект:** {telling.on_focus(data, about.object)}"
        + (f" ({russian.count(len(data.schools), 'школа')})." if data.several else "."),
        f"**Методы:** {about.methods}; "
        + (
            f"сравнение {russian.listing(compared)}."
            if compared
            else "сравнение с прошлыми периодами не проводится: данных нет."
        ),
        russian.sentence(f"**Основание:** {data.params.period(data.period).basis}"),
    ]
    if data.note == ACADEMIC and data.absent_grades:
        lines.append(legend.absent(data).strip())
    return [Prose(markdown="## Введение\n\n" + "\n\n".join(lines))]


def _of(data: NoteData) -> str:
    """«7А, »: the class or subject of a note about one, for its running head."""
    return "".join(f"{value}, " for value in data.focus.values())


def _in_table(said: Sentence, narrative: Narrative) -> bool:
    """Whether the table speaks of all that the sentence does: an object that is low but not lower is not in it."""
    rows = sum(item.rule == said.rule for item in narrative.deviations)
    return 0 < len(said.subjects) <= rows
