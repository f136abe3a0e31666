"""The group that a person asks for («7a», «математика», «ООО») as the data spell it, or the nearest that there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from soko.errors import UsageError
from soko.hints import did_you_mean
from soko.indicators.catalogue import Catalogue
from soko.indicators.model import UNKNOWN, Indicator
from soko.indicators.settings import subject_key
from soko.indicators.statement import where, with_views
from soko.params import Params

if TYPE_CHECKING:
    import duckdb

TITLES = {
    "school_id": "школа",
    "level": "уровень",
    "grade": "параллель",
    "class": "класс",
    "subject": "предмет",
    "sex": "пол",
    "teacher": "учитель",
    "item": "признак",
}
_GENITIVE = {
    "school_id": "школы",
    "level": "уровня",
    "grade": "параллели",
    "class": "класса",
    "subject": "предмета",
    "sex": "пола",
    "teacher": "учителя",
    "item": "признака",
}
_PLURAL = {
    "level": "по уровням",
    "grade": "по параллелям",
    "class": "по классам",
    "subject": "по предметам",
    "sex": "по полу",
    "teacher": "по учителям",
    "item": "по признаку (--item)",
}
#: The first letter that words for the sex begin with, whoever is meant by them.
_SEX = {"м": "м", "ж": "ж", "д": "ж", "ю": "м"}
# Letters of class names that a Latin keyboard gives.
_LATIN = str.maketrans("abcehkmoptxy", "авсенкмортху")


def resolve(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, item: Indicator, params: Params, asked: dict[str, Any]
) -> dict[str, Any]:
    """``asked`` with the values of the indicator's population; UsageError for a value or a dimension that it has not.

    The connection has the clean tables. A class of several schools is no group: the school has to be named.
    """
    views = with_views(catalogue, item)
    described = connection.execute(f"{views} SELECT * FROM {item.population} LIMIT 0").description or []
    columns = [column[0] for column in described]
    group: dict[str, Any] = {}
    for name in (name for name in TITLES if name in asked):
        if name not in columns:
            have = [words for other, words in _PLURAL.items() if other in columns]
            raise UsageError(
                f"показатель {item.id} не раскладывается {_PLURAL.get(name, 'по школам')}",
                todo=f"есть разрезы: {', '.join(have)}" if have else "спросите его без разрезов",
            )
        query = f'{views} SELECT DISTINCT "{name}" FROM {item.population}{where(group)} ORDER BY 1'
        found = [row[0] for row in connection.execute(query).fetchall()]
        known = [value for value in found if value not in (None, "")]
        if len(known) < len(found) and name != "grade":
            known.append(UNKNOWN)
        group[name] = _nearest(name, asked[name], known, params)
    if "class" in group and "school_id" not in group:
        query = f"{views} SELECT DISTINCT school_id FROM {item.population}{where(group)} ORDER BY 1"
        schools = [row[0] for row in connection.execute(query).fetchall()]
        if len(schools) > 1:
            raise UsageError(
                f"класс {group['class']} есть в нескольких школах: {', '.join(schools)}", todo="добавьте --school КОД"
            )
    return group


def _nearest(name: str, wanted: Any, known: list[Any], params: Params) -> Any:
    spelled = {_key(name, value): value for value in known}
    key = _key(name, wanted)
    if name == "level":
        key = next((_key(name, level.id) for level in params.school.levels if key == _key(name, level.title)), key)
    if name == "subject" and key not in spelled:
        for subject in params.subjects.subjects:
            if key in {subject_key(text) for text in subject.synonyms}:
                key = subject_key(subject.title)
    if key in spelled:
        return spelled[key]
    texts = [str(value) for value in known]
    if name == "grade":  # «2» is not what was meant by «12»
        key, texts = "", [f"{value}-е" for value in known]
    if name == "class":  # nor «10А» by «5Я»: the classes of the grade are few and all of them may be meant
        texts = [text for text in texts if _digits(text) == _digits(str(wanted).strip())] or texts
    if name == "sex" and key[:1] in _SEX and _SEX[key[0]] in spelled:
        return spelled[_SEX[key[0]]]
    close = next((spelled[other] for other in spelled if other.startswith(key)), None) if key else None
    hint = f"; возможно, имелось в виду «{close}»" if close is not None else did_you_mean(str(wanted), texts)
    raise UsageError(
        f"{_GENITIVE[name]} «{wanted}» нет в базе показателя за этот период{hint}", todo="проверьте написание"
    )


def _key(name: str, value: Any) -> str:
    if name == "subject":
        return subject_key(str(value))
    text = re.sub(r"[\s\"«»()./_–-]+", "", str(value).lower().replace("ё", "е"))
    return text.translate(_LATIN) if name == "class" else text


def _digits(text: str) -> str:
    return re.sub(r"\D.*", "", text)
