"""Teachers of a subject beside their colleagues, under codes: for the internal audience alone.

Teachers are compared within a subject, where each pupil has one mark, so that a test of counts makes sense. They teach
different classes, and no figure here says who teaches better: the legend of the table repeats it.
"""

from __future__ import annotations

from soko.errors import UsageError
from soko.notes.data import NoteData, Parts
from soko.notes.groups import Compared, Group, compared

INDICATOR = "subjects.quality"
_SHORTEST = 4  # digits of a code that are shown, as many more as tell two teachers apart


def by_subject(data: NoteData, audience: str, school: str = "") -> list[tuple[str, list[Compared]]]:
    """Teachers of each subject that two or more teach, subjects and codes in order.

    UsageError for any audience but the internal one: a rating of workers is not published, not even under codes.
    """
    from soko.indicators import history

    if audience != "internal":
        raise UsageError("сравнение учителей есть только во внутреннем экземпляре", todo="укажите audience: internal")
    frame = history.values(data.workspace, data.period, data.catalogue)
    if frame is None or "teacher" not in frame.columns:
        return []
    own = frame[frame["indicator"] == INDICATOR]
    there = {name: own[name].notna() & (own[name].astype("string") != "") for name in ("teacher", "subject", "class")}
    own = own[there["teacher"] & there["subject"] & ~there["class"]]
    if school:
        own = own[own["school_id"] == school]
    elif data.several:
        return []
    codes = short_codes(sorted(set(own["teacher"].astype(str))))
    found: dict[str, dict[str, Group]] = {}
    for row in own.to_dict("records"):
        code = codes[str(row["teacher"])]
        parts = Parts(float(row["numerator"]), float(row["denominator"]))
        if parts.base:
            found.setdefault(str(row["subject"]), {})[code] = Group(code, code, parts)
    pairs = [(subject, found[subject][code]) for subject in sorted(found) for code in sorted(found[subject])
             if len(found[subject]) > 1]  # fmt: skip
    made = compared(
        data, INDICATOR, [group for _, group in pairs], tested=True, within=[subject for subject, _ in pairs]
    )
    result: dict[str, list[Compared]] = {}
    for (subject, _), item in zip(pairs, made, strict=True):
        result.setdefault(subject, []).append(item)
    return list(result.items())


def short_codes(codes: list[str]) -> dict[str, str]:
    """Each pseudonym by its beginning, long enough for all to differ: «t_47edc1e0484e» → «t_47ed»."""
    head = "t_"
    size = _SHORTEST
    while len({code[: len(head) + size] for code in codes}) < len(codes):
        size += 1
    return {code: code[: len(head) + size] if code.startswith(head) else code for code in codes}
