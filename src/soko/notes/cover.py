"""Title, the page for the head teacher (what is worse, who is responsible, what to decide), the introduction."""

from __future__ import annotations

import math
from collections import Counter

from soko import russian
from soko.analysis.narrative import Narrative
from soko.errors import ConfigError
from soko.notes import hidden, lacking, legend, telling
from soko.notes.data import ACADEMIC, NoteData
from soko.notes.folded import folded
from soko.notes.objects import is_share
from soko.notes.table_parts import heading
from soko.publish.blocks import Block, Callout, Head, Meta, PageBreak, Prose, Row, Signature, Table, Title

_ROWS = 6  # with the title they must fit on the first page
_PER_RULE = 2  # six falling classes must not hide the subject that fell
_LINES = 4
_DECISIONS = 4
# Lines of text that page one has room for beneath a table of _ROOM_LINES lines, and letters in a line of it.
_ROOM, _ROOM_LINES, _WIDTH = 19, 10, 86
_CHANCE = "*"  # of a change that chance may make: a word more in each row would take page one's room
# Letters on a line of those columns of the table in which a cell may take several.
_NARROW = {0: 15, 5: 11, 6: 25}
#: Stands over every page of the public edition.
MARK = "Публичный экземпляр"
_WHY = {"worsened": "снижение", "below_target": "ниже цели"}


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
            considered=f"{school.considered_by},\nпротокол от ____________ № ____"
            if school.considered_by and not mark
            else "",
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
    rows = _deviations(data, narrative)
    heads = [
        Head(title="Что", width=2.0),
        Head(title=heading(data, "previous"), align="right"),
        Head(title=heading(data, "now"), align="right"),
        Head(title="Изменение", align="right", width=1.1),
        Head(title="Цель", align="right", width=0.7),
        Head(title="Почему здесь", width=1.4),
        Head(title="Кто отвечает", width=3.0),
    ][: -1 if data.public else None]
    if rows:
        blocks.append(
            Table(
                caption="Что хуже прошлого периода или цели",
                columns=heads,
                rows=[Row(cells=cells[: len(heads)]) for cells in rows],
                notes=[f"{_CHANCE} Изменение может быть случайным."] if any(_CHANCE in row[5] for row in rows) else [],
                label="deviations",
                numbered=False,
            )
        )
    elif missing := _nothing(data):
        blocks.append(missing)
    elif data.note == ACADEMIC and data.unmarked:
        blocks.append(
            Callout(
                kind="warning",
                title="Отметок за период нет",
                markdown="Показатели успеваемости и качества знаний не посчитаны: ни у одного обучающегося нет отметок "
                "«2»–«5» или «н/а».",
            )
        )
    elif data.previous is None and not data.catalogue.targets:
        blocks.append(
            Callout(
                title="Сравнить не с чем",
                markdown="Данных за прошлый период и целей нет, поэтому отклонения не определяются.",
            )
        )
    elif _compared(data) and not any(item.severity == "concern" for item in narrative.headlines()):
        unjudged = _unjudged(data)
        blocks.append(
            Callout(
                kind="neutral" if unjudged else "strength",
                title="Отклонений нет",
                markdown="Показателей, которые по правилам справки хуже прошлого периода или цели, не обнаружено"
                + (" среди тех, которые публикуются." if data.public else ".")
                + unjudged,
            )
        )
    # What is worse leads, whatever its place among the rules; the figures themselves come after it.
    said = sorted(narrative.headlines(), key=lambda item: item.severity != "concern")
    # The table has the school's own figures already.
    shown = {(item.indicator, item.scope) for item in narrative.deviations}
    lines = [
        item.text
        for item in said
        if not _in_table(item.rule, narrative) and (item.about not in shown or item.about[1] != "overall")
    ]
    decisions = [] if data.public else [item.asked() for item in folded(narrative.recommendations)]
    lines, decisions = _fitting(lines[:_LINES], decisions[:_DECISIONS], rows)
    if lines:
        blocks.append(Prose(markdown="\n".join(f"- {line}" for line in lines)))
    if lines and any(item.partial for item in said):
        blocks.append(Prose(markdown=hidden.REMARK))
    if decisions:
        text = "\n".join(f"{i}. {decision}" for i, decision in enumerate(decisions, start=1))
        blocks.append(Prose(markdown=f"**Решить:**\n\n{text}"))
    return blocks if data.public else [*blocks, PageBreak()]


def _fitting(lines: list[str], decisions: list[str], rows: list[list[str]]) -> tuple[list[str], list[str]]:
    """What of the texts fits on page one beside the table of these rows; all of it stands in the body anyway.

    The last of the longer list goes first, so that both what to know and what to decide stay.
    """
    taken = sum(max(math.ceil(len(row[at]) / letters) for at, letters in _NARROW.items()) for row in rows)
    room = _ROOM - math.ceil(max(0, taken - _ROOM_LINES) * 0.7)  # lines of a table are small

    def height(texts: list[str]) -> int:
        return sum(math.ceil(len(text) / _WIDTH) for text in texts)

    while height(lines) + height(decisions) > room and len(lines) + len(decisions) > 2:
        (decisions if len(decisions) >= len(lines) else lines).pop()
    return lines, decisions


def introduction(data: NoteData) -> list[Block]:
    """Goal, period, object, methods, basis."""
    span = data.params.dates(data.period)
    compared = [
        f"{title} ({period.title('ordinal')})"
        for title, period, found in (
            ("с прошлым периодом", data.period.previous(), data.previous),
            ("с тем же периодом прошлого года", data.period.year_ago(), data.year_ago),
        )
        if found is not None
    ]
    if data.period.previous() == data.period.year_ago():
        compared = compared[:1]
    about = telling.book(data).file.about
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


def _nothing(data: NoteData) -> Callout | None:
    """That there are no data at all for the note, and who owes them; None when there are some."""
    if telling.has_data(data):
        return None
    if data.public:
        return Callout(kind="warning", title="Публиковать нечего", markdown=telling.NOTHING)
    return lacking.callout(data, telling.book(data).used()) or Callout(
        kind="warning",
        title="Показатели этой справки за такой период не рассчитываются",
        markdown="Каталог показателей относит их к другим видам периодов (periodicity в params/indicators).",
    )


def _unjudged(data: NoteData) -> str:
    """Which sections have no data at all: nothing found there is no good news."""
    rules = telling.book(data)
    without = [
        (russian.quote(rules.sections[section]), any(data.current.withheld & set(ids) for _, ids in shown))
        for section, shown in rules.shown.items()
        if telling.has_section(data, section)
        and shown
        and not any(set(ids) & data.current.indicators for _, ids in shown)
    ]
    nothing, few = ([name for name, held in without if held is small] for small in (False, True))
    told = f" Данных за период нет, судить нельзя: {russian.listing(nothing)}." if nothing else ""
    return f"{told} Группы малы, в справке о них не говорится: {russian.listing(few)}." if few else told


def _compared(data: NoteData) -> bool:
    """Whether a figure of the note has a target or an earlier one: works of spring have none in the quarter before."""
    used = telling.book(data).used()
    before = data.previous.indicators if data.previous is not None else set()
    return any(
        name in before or data.catalogue.target(name) is not None for name in used if name in data.current.indicators
    )


def _why(data: NoteData, indicator: str, name: str) -> str:
    """«снижение», «рост» where less is better, «ниже цели»."""
    falls = data.catalogue[indicator].better != "down"
    return _WHY[name] if falls else {"worsened": "рост", "below_target": "выше цели"}[name]


def _in_table(rule: str, narrative: Narrative) -> bool:
    return any(item.rule == rule for item in narrative.deviations)


def _deviations(data: NoteData, narrative: Narrative) -> list[list[str]]:
    """Rows of the table: the most urgent rule first, within a rule the largest deviation first.

    An object and indicator that two rules speak of (worse than before, below the target) has one row.
    """
    seen: set[tuple[str, str]] = set()
    taken: Counter[str] = Counter()
    again: set[tuple[object, ...]] = set()
    rows: list[list[str]] = []
    ordered = sorted(narrative.deviations, key=lambda item: (item.headline, item.order))
    for item in ordered:
        key = (item.indicator, item.name)
        if key in seen or taken[item.rule] == _PER_RULE:
            continue
        seen.add(key)
        what = data.catalogue[item.indicator].label
        if item.scope != "overall":
            what = f"{russian.upper_first(item.name)}: {russian.lower_first(what)}"
        cells = [item.texts.get(name, russian.DASH) for name in ("previous", "value", "signed", "target")]
        told = (item.why, *cells[:3])
        if item.scope == "item" and is_share(data.catalogue[item.indicator]) and told in again:
            continue  # the only programme of a direction is not worse twice
        again.add(told)
        taken[item.rule] += 1
        mark = _CHANCE if item.texts.get("chance") else ""
        words = (_why(data, item.indicator, name) + (mark if name == "worsened" else "") for name in item.why)
        why = ", ".join(words)
        rows.append([what, *cells, why + item.texts.get("pulls_short", ""), item.who])
    return rows[:_ROWS]
