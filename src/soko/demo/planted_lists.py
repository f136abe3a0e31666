"""Faults planted in the lists of the current year; docs/demo-data.md tells each with its address. All are warnings."""

from __future__ import annotations

from datetime import date, timedelta

from soko.demo.grid import Value
from soko.demo.listing import Listing
from soko.demo.moment import Moment
from soko.demo.teachers import development


def plant_lists(moment: Moment, lists: list[Listing]) -> None:
    """One fault a table in the last quarter, one more among the graduates of June."""
    if moment.code == "year":
        _medal_without_certificate(_of(lists, "graduates"))
    if moment.code != "q4":
        return
    _points_above_maximum(_of(lists, "exams"))
    _winner_without_level(_of(lists, "contests"))
    _removed_before_registered(_of(lists, "registers"))
    _unknown_programme(_of(lists, "activities"))
    _enrolled_differs(_of(lists, "programmes"))
    _more_families_than_there_are(_of(lists, "parents"))
    _expired(_of(lists, "conditions"), moment.end)
    _more_done_than_decided(_of(lists, "self_government"))
    _score_above_maximum(_of(lists, "expert_scores"))
    _group_without_examination(_of(lists, "health"))
    _score_beyond_scale(_of(lists, "diagnostics"))
    _share_differs(_of(lists, "facts"))
    _teaching_longer_than_working(moment)


def _of(lists: list[Listing], table: str) -> Listing:
    return next(listing for listing in lists if listing.table == table)


def _find(listing: Listing, title: str, *values: Value) -> int:
    """The first row whose value is one of ``values``; the first row when there is none (of another seed)."""
    column = listing.column(title)
    return next((i for i, value in enumerate(column) if value in values), 0)


def _points_above_maximum(works: Listing) -> None:
    """A key slipped: a digit too many."""
    row = _find(works, "Отметка", 4)
    works.put(row, "Первичный балл", 10 * int(str(works.column("Первичный балл")[row])) + 1)


def _winner_without_level(contests: Listing) -> None:
    contests.put(_find(contests, "Статус", "победитель"), "Уровень", None)


def _removed_before_registered(registers: Listing) -> None:
    since = registers.column("Дата постановки на учёт")[0]
    assert isinstance(since, date)
    registers.put(0, "Дата снятия с учёта", since - timedelta(days=31))


def _unknown_programme(activities: Listing) -> None:
    """A code slipped into a line that has none; the list of programmes does not know it."""
    activities.put(_find(activities, "Вид занятости", "внеурочная деятельность"), "Код программы", "ДО-88")


def _enrolled_differs(programmes: Listing) -> None:
    row = _find(programmes, "Код программы", "ДО-05")
    programmes.put(row, "Зачислено", int(str(programmes.column("Зачислено")[row])) + 1)


def _more_families_than_there_are(parents: Listing) -> None:
    row = _find(parents, "Класс", "4Б")
    parents.put(row, "Участвует семей", int(str(parents.column("Всего семей")[row])) + 2)


def _expired(conditions: Listing, end: date) -> None:
    """Looked at in September, when it was still in force, and not since."""
    row = _find(conditions, "Показатель условий", "Паспорт безопасности")
    conditions.put(row, "Дата проверки", date(end.year - 1, 9, 10))
    conditions.put(row, "Срок действия", date(end.year - 1, 10, 15))


def _more_done_than_decided(bodies: Listing) -> None:
    bodies.put(3, "Исполнено решений", int(str(bodies.column("Решений")[3])) + 1)


def _score_above_maximum(scores: Listing) -> None:
    scores.put(7, "Оценка эксперта", 6)


def _group_without_examination(health: Listing) -> None:
    health.put(_find(health, "Группа здоровья", "III"), "Дата медосмотра", None)


def _score_beyond_scale(diagnostics: Listing) -> None:
    """Kapustin's method ends at five."""
    diagnostics.put(_find(diagnostics, "Уровень развития", "высокий"), "Балл", 5.5)


def _share_differs(facts: Listing) -> None:
    """A digit of the share slipped; the number beside it is right."""
    row = _find(facts, "Номер показателя", "1.21")
    facts.put(row, "Удельный вес", round(float(str(facts.column("Удельный вес")[row])) + 9, 1))


def _medal_without_certificate(graduates: Listing) -> None:
    row = _find(graduates, "Отличие", "медаль I степени", "медаль II степени", "аттестат с отличием")
    if graduates.column("Отличие")[row] == "нет":
        graduates.put(row, "Отличие", "аттестат с отличием")
    graduates.put(row, "Аттестат получен", "нет")
    graduates.put(row, "Дата выдачи аттестата", None)


def _teaching_longer_than_working(moment: Moment) -> None:
    assert moment.term.staff is not None
    person = next(p for p in moment.term.staff.people if p.began.year < moment.year - 10 and not p.posts)
    further = development(person, moment.year, moment.school.seed, moment.end)
    moment.term.development[person.index] = [*further[:2], moment.year + 1 - person.began.year + 5, *further[3:]]
