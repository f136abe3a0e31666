"""Scores of a long list of answers that has none: by the scale of params/sources.yaml, a question at a time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from soko.findings import Finding
from soko.intake.answers import Scale
from soko.intake.config import Surveys
from soko.intake.model import Draft
from soko.intake.words import blank, key, listed, plural, text

_SCALE = "surveys.scale в params/sources.yaml"


def score_answers(draft: Draft, rules: Surveys) -> None:
    """Add the column ``score`` to a list of surveys without one, and tell by which scale.

    A question none of whose answers the scale knows is an open one and gets no scores; where that is every question,
    nothing of the list would be counted, and a warning says what to do.
    """
    frame = draft.frame
    if draft.table != "surveys" or "score" in frame or "answer" not in frame or frame.empty:
        return
    asked = pd.DataFrame({name: frame[name].map(text) if name in frame else "" for name in ("survey", "question")})
    scores: dict[Any, float | None] = {}
    strange: list[int] = []
    for _, rows in frame.groupby([asked["survey"].map(key), asked["question"].map(key)], sort=False):
        filled = rows.loc[[not blank(value) for value in rows["answer"]]]
        scale = Scale(list(filled["answer"]), rules)
        found = {at: scale.score(value) for at, value in filled["answer"].items()}
        if any(score is not None for score in found.values()):
            scores |= found
            odd = [not scale.known(value) for value in filled["answer"]]
            strange += filled.loc[odd, "_row"].astype(int).tolist()
    draft.frame["score"] = pd.Series([scores.get(at) for at in frame.index], index=frame.index, dtype=object)
    _report(draft, sum(score is not None for score in scores.values()), sorted(strange))


def _report(draft: Draft, known: int, strange: list[int]) -> None:
    def add(severity: Any, rule: str, message: str, row: int | None = None) -> None:
        draft.findings.append(
            Finding(severity, draft.table, rule, "", draft.sheet, "", row, "score", message_ru=message)
        )

    if not known:
        add("warning", "survey_unscored", "столбца «Балл ответа» нет, а ответы не из шкалы: индекс и доля согласных не "
            f"посчитаны. Добавьте балл (доля шкалы от 0 до 1) или впишите слова ответов в {_SCALE}")  # fmt: skip
        return
    many = plural(known, "ответ оценён", "ответа оценены", "ответов оценены")
    add("info", "survey_scored", f"столбца «Балл ответа» нет: {many} по шкале ({_SCALE})")
    if strange:
        many = plural(len(strange), "ответ", "ответа", "ответов")
        add("warning", "survey_scale", f"{many} не из шкалы, балла у них нет: строки {listed(strange, 10)}. Поправьте "
            f"ответы или впишите слова в {_SCALE}", strange[0])  # fmt: skip
