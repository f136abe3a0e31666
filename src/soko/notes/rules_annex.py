"""The annex of rules: which rules of params/narrative gave the note's conclusions, on what condition and figures."""

from __future__ import annotations

from collections.abc import Mapping

from soko import russian
from soko.analysis.narrative_model import Check
from soko.analysis.narrative_rules import Compiled, Rule
from soko.analysis.narrative_words import Measure, describe
from soko.indicators.catalogue import Catalogue
from soko.notes import telling
from soko.notes.data import NoteData
from soko.notes.edits import Edited
from soko.publish.blocks import Block, Head, Prose, Row, Table
from soko.russian import NBSP

LABEL = "rules"
SCOPES = {
    "overall": "в целом",
    "school": "каждая школа",
    "level": "каждый уровень",
    "grade": "каждая параллель",
    "class": "каждый класс",
    "subject": "каждый предмет",
    "class_subject": "каждый предмет класса",
    "work": "каждая работа: предмет в параллели",
    "item": "каждая строка",
    "data": "проверка данных",
}
SEVERITIES = {"strength": "достижение", "concern": "проблема", "neutral": russian.DASH}


def section(data: NoteData, edited: Edited) -> list[Block]:
    """Heading and table of the rules that were met; nothing where none of those that judge or advise was."""
    checks = {item.rule: item for item in edited.narrative.checks}
    asked = [item for item in telling.book(data).rules if judges(item.rule) and item.rule.id in checks]
    met = [item for item in asked if checks[item.rule.id].met or checks[item.rule.id].small]
    if not met:
        return []
    rows = [
        Row(
            cells=[
                item.rule.id,
                russian.upper_first(words(data, item)),
                SEVERITIES[item.rule.severity],
                russian.upper_first(_grounds(data, item, checks[item.rule.id], edited)),
            ]
        )
        for item in met
    ]
    rest = [item.rule.id for item in asked if item not in met]
    notes = [_comparison(data)]
    if rest:
        notes.append(f"Проверено, условие не выполнено: {', '.join(rest)}.")
    table = Table(
        caption="Правила, по которым сделаны выводы",
        columns=[
            Head(title="Правило", width=1.7),
            Head(title="Условие", width=4.2),
            Head(title="Оценка", width=1.1),
            Head(title="На чём стоит", width=2.9),
        ],
        rows=rows,
        notes=notes,
        label=LABEL,
        small=True,
    )
    return [Prose(markdown="## Приложение. По каким правилам сделаны выводы"), table]


def judges(rule: Rule) -> bool:
    """Whether a rule judges, concludes or advises; the others only tell a figure."""
    return rule.severity != "neutral" or bool(rule.conclusion) or rule.action is not None


def words(data: NoteData, compiled: Compiled) -> str:
    """Of what the rule speaks, and its condition, in words."""
    thresholds = data.conventions.thresholds
    known = {"stable_points": thresholds.stable_points, "small_group": thresholds.small_group}
    return of_rule(compiled, data.catalogue, known)


def of_rule(compiled: Compiled, catalogue: Catalogue, school: Mapping[str, float]) -> str:
    """«качество знаний (каждый класс): снижение больше чем на 10 п.п.»; ``school`` are the school's thresholds."""
    measures = {item.id: Measure(item.label, item.unit if item.scale != 1 else "") for item in catalogue}
    own = [measures[name] for name in compiled.rule.spoken_of if name]
    same = own[0] if own and len({item.unit for item in own}) == 1 else None
    condition = describe(compiled.when, same, measures, {**school, **compiled.rule.thresholds})
    labels = [russian.lower_first(item.label) for item in own]
    about = ", ".join(dict.fromkeys(labels)) or "сведения"
    scope = SCOPES[compiled.rule.scope]
    if compiled.rule.only:
        scope = russian.listing(russian.quote(name.replace("*", "…")) for name in compiled.rule.only)
    if compiled.rule.scope == "data":
        return f"{scope}: {condition}"
    return f"{about} ({scope}): {condition}" if scope != SCOPES["overall"] else f"{about}: {condition}"


def _comparison(data: NoteData) -> str:
    points = russian.number(data.conventions.thresholds.stable_points)
    return (
        f"Хуже и лучше – разность больше порога ({points}{NBSP}п.п., если у показателя нет своего) и, где считают "
        "людей или отметки, больше одного человека или одной отметки; рост или снижение два периода подряд – по трём "
        "значениям. Правила, которые только сообщают показатель, не названы. По коду правила составитель меняет вывод "
        "и рекомендацию в файле периода."
    )


def _grounds(data: NoteData, compiled: Compiled, check: Check, edited: Edited) -> str:
    """The figures of the only object, or how many met the condition; what the analyst has done with it."""
    rule = compiled.rule
    one = check.texts.get("value") if check.met == 1 and rule.scope == "overall" else None
    if one:
        part, base = check.facts.get("part"), check.facts.get("n")
        counted = base and "из" not in one and data.catalogue.counts_people(str(check.facts["indicator"]), ())
        said = one + (f" ({russian.number(part or 0)} из {russian.number(base)})" if counted and base else "")
        if len(rule.spoken_of) > 1:
            said = f"{russian.lower_first(check.texts.get('label', ''))} – {said}"
        before = check.texts.get("previous")
        said += f"; было {before}" if before else ""
    elif check.decided == 1:
        said = "условие выполнено" if check.met else "малая группа, не оценивается"
    else:
        said = f"выполнено для {russian.number(check.met)} из {russian.number(check.decided)}"
        few = russian.choose(check.small, "малая группа, не оценивается", "малые группы, не оцениваются")
        said += f", ещё {russian.number(check.small)} – {few}" if check.small else ""
    return russian.bound("; ".join([said, *_edits(rule.id, edited)]))


def _edits(rule: str, edited: Edited) -> list[str]:
    found = [f"снято составителем: {item.reason.strip().rstrip('.')}" for item in edited.dropped if item.rule == rule]
    if any(item.rule == rule and item.edited for item in edited.narrative.conclusions):
        found.append("вывод изменён составителем")
    if any(item.rule == rule and item.edited for item in edited.narrative.recommendations):
        found.append("рекомендация изменена составителем")
    return found
