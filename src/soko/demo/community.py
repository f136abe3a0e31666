"""Families, self-government, surveys: what parents and pupils have to say, and how many of them say it."""

from __future__ import annotations

from datetime import datetime, timedelta

from soko.cohorts import class_grade
from soko.demo.grid import Value
from soko.demo.listing import Listing
from soko.demo.moment import Moment
from soko.demo.monitoring import Survey

_ANSWERING = {"родители": 0.42, "обучающиеся": 0.5}
_CLASS_WAYS = ("{0}{1}", "{0}{2}", "{0} {1}", "{0} «{1}»", "{0}-{1}")


def parents(moment: Moment) -> Listing:
    """A row a class. A family of two pupils is counted in the class of the elder, so there are fewer than pupils."""
    rows: list[list[Value]] = []
    for name in moment.school.roster.class_names(moment.year):
        families = len(moment.families[name])
        rng = moment.rng("parents", moment.year, ord(moment.code[1]), ord(name[-1]), class_grade(name))
        share = min(0.95, max(0.15, 0.62 - 0.03 * class_grade(name) + float(rng.normal(0, 0.07))))
        meetings = 1 + int(moment.code == "q4")
        came = round(meetings * families * min(0.97, share + 0.2))
        rows.append([name, families, round(share * families), int(rng.integers(1, 5)), meetings, came])
    header = ["Класс", "Всего семей", "Участвует семей", "Родителей в советах и комитетах", "Родительских собраний",
              "Присутствовало семей на собраниях всего"]  # fmt: skip
    title = f"Участие родителей в жизни школы. {moment.term.period.title()}"
    return Listing("parents", "Родители.ods", title, header, rows)


def self_government(moment: Moment) -> Listing:
    """The council of the school and those of the classes from grade 5."""
    rows: list[list[Value]] = []
    classes = [name for name in moment.school.roster.class_names(moment.year) if class_grade(name) > 4]
    for at, name in enumerate(["", *classes]):
        rng = moment.rng("parents", moment.year, 900 + at)
        decisions = int(rng.integers(2, 8)) + 8 * (not name)
        executed = decisions - int(rng.integers(0, 3))
        body = "Совет класса" if name else "Совет обучающихся"
        members = 17 if not name else int(rng.integers(4, 8))
        plan = "да" if not name or rng.random() < 0.8 else "нет"
        scope = "классный" if name else "школьный"
        rows.append([body, scope, name or None, members, plan, int(rng.integers(2, 6)), decisions, executed])
    header = ["Орган самоуправления", "Уровень органа", "Класс", "Членов", "План работы", "Заседаний", "Решений",
              "Исполнено решений"]  # fmt: skip
    return Listing("self_government", "Самоуправление.xlsx", "Органы детского самоуправления", header, rows)


def answers(moment: Moment, survey: Survey) -> list[tuple[datetime, str, list[int]]]:
    """Time, class as typed and scores of everybody who answered, in the order of time."""
    found = []
    for name in moment.school.roster.class_names(moment.year):
        families = moment.families[name]
        asked = (
            len(families)
            if survey.audience == "родители"
            else len(moment.school.roster.in_class(moment.year, name, moment.end))
        )
        if survey.audience != "родители" and class_grade(name) < 5:
            continue
        for at in range(asked):
            rng = moment.rng("surveys", moment.year, len(survey.audience), at, class_grade(name), ord(name[-1]))
            if rng.random() > _ANSWERING[survey.audience]:
                continue
            mood = float(rng.normal(0, 0.7)) + 0.05 * (moment.year - moment.school.design.first_year)
            scores = [_score(q.mean + mood + float(rng.normal(0, 0.7))) for q in survey.questions]
            began = datetime.combine(moment.day(0.3), datetime.min.time())
            when = began + timedelta(seconds=int(rng.integers(8 * 3600, 14 * 86400)))
            grade, letter = name[:-1], name[-1]
            typed = _CLASS_WAYS[int(rng.integers(len(_CLASS_WAYS)))].format(grade, letter, letter.lower())
            found.append((when, typed, scores))
    return sorted(found, key=lambda item: item[0])


def _score(value: float) -> int:
    return min(5, max(1, round(value)))


def survey_list(moment: Moment) -> Listing:
    """Both surveys as one long list: a row an answer of 1–5, as a score 0–1."""
    rows: list[list[Value]] = []
    for survey in moment.things.surveys:
        for number, (when, typed, scores) in enumerate(answers(moment, survey), start=1):
            code = f"{survey.audience[:3]}-{number:03d}"
            for question, score in zip(survey.questions, scores, strict=True):
                about: list[Value] = [survey.survey, survey.audience, code, typed, question.text, question.theme]
                rows.append([*about, score, (score - 1) / 4, when.date()])
    header = ["Опрос", "Кого опрашивали", "Номер анкеты", "Класс", "Вопрос", "Тема вопроса", "Ответ",
              "Балл ответа", "Дата ответа"]  # fmt: skip
    title = f"Ответы на анкеты, {moment.term.period.title()}"
    return Listing("surveys", "Анкеты.ods", title, header, rows)
