"""What stands under a table: the base and its size, the weights of the СОУ, what «–» and «×» mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from soko import russian
from soko.analysis.rounding import format_number
from soko.notes.data import QUALITY, NoteData

if TYPE_CHECKING:
    from soko.indicators.model import Indicator

NO_DATA = "«–» – нет данных."
APART = "«×» – не сопоставляется: класс сформирован заново или в прошлом учебном году не оценивался."


def whole(data: NoteData) -> str:
    """Name of the total row."""
    return "По всем школам" if data.several else "По школе"


def base(data: NoteData, school: str) -> str:
    """Whom the shares of outcomes.* are counted over, and how many they are."""
    parts = data.current.get(QUALITY, school)
    size = f", всего {russian.count(parts.base, 'человек')}" if parts and parts.base else ""
    return f"База (аттестуемые){size}: {data.catalogue.base(QUALITY)}.{absent(data)}"


def absent(data: NoteData) -> str:
    """That the grades marked by half-years are not in a quarter's base, when it is so."""
    grades = data.absent_grades
    if not grades:
        return ""
    span = f"{grades[0]}–{grades[-1]}" if len(grades) > 1 else str(grades[0])
    return f" {span} классы аттестуются по полугодиям и в базу четверти не входят."


def small_groups(data: NoteData, present: bool) -> list[str]:
    """How groups under the threshold are shown, when there are any."""
    if not present:
        return []
    limit = data.conventions.thresholds.small_group
    return [f"В группах менее {format_number(limit)} человек вместо процентов указано число обучающихся («3 из 8»)."]


def weights(data: NoteData) -> str:
    """The weights of the СОУ with their source."""
    found = data.conventions.sou_on(data.params.dates(data.period).end)
    value = found.value
    marks = (("5", value.five), ("4", value.four), ("3", value.three), ("2", value.two), ("н/а", value.na))
    listed = ", ".join(f"«{mark}» – {russian.number(weight)}" for mark, weight in marks)
    return f"СОУ – степень обученности учащихся; веса, %: {listed} ({found.source})."


def outcomes(data: NoteData, school: str, *, small: bool) -> list[str]:
    """Under a table of counts."""
    return [
        base(data, school),
        "«На „4“ и „5“» – без отличников. Качество знаний – доля обучающихся, у которых все отметки «4» и «5»; "
        "успеваемость – доля обучающихся без «2» и «н/а».",
        *small_groups(data, small),
    ]


def comparison(data: NoteData, school: str, indicator: Indicator, scopes: tuple[str, ...], *, small: bool) -> list[str]:
    """Under a table of comparisons."""
    over_marks = f"База – число отметок: {data.catalogue.base(indicator.id)}.{absent(data)}"
    result = [
        over_marks if scopes == ("subject",) else base(data, school),
        "Разница в процентных пунктах (п.п.) – из неокруглённых долей; разница в человеках – то же расхождение, "
        "пересчитанное на базу этого периода (меньше одного человека – 0).",
    ]
    if scopes == ("class",):
        result.append("С прошлым учебным годом сравнивается тот же состав: 7А – с бывшим 6А.")
    return result + small_groups(data, small)


def codes(cells: Iterable[str]) -> list[str]:
    """Reason codes of the empty cells that the table really has."""
    found = set(cells)
    return [text for sign, text in ((russian.DASH, NO_DATA), ("×", APART)) if sign in found]


def subjects(data: NoteData, kinds: list[str], *, small: bool) -> list[str]:
    """Under the table of subjects."""
    na = "«2»–«5» и «н/а»" if data.conventions.na_in_base else "«2»–«5» (без «н/а»)"
    result = [
        f"База – число отметок по предмету: {na}; «осв» и «зач» не входят.{absent(data)}",
        "Качество – доля «4» и «5», успеваемость – доля «3», «4» и «5» в базе. Средний балл – по отметкам «2»–«5».",
        weights(data),
    ]
    return [*result, *([f"Разница – из неокруглённых величин. {NO_DATA}"] if kinds else []), *small_groups(data, small)]


def risk(data: NoteData, school: str) -> list[str]:
    """Under the table of risk and reserve."""
    return [
        base(data, school),
        "Классы без обучающихся этих групп не показаны. Обучающийся с «2» и «н/а» учтён среди неуспевающих. Качество, "
        "если резерв реализован, – если все обучающиеся с одной «3» получат «4».",
        "Поимённые списки – в приложении для служебного пользования.",
    ]


def sou(data: NoteData, kinds: list[str]) -> list[str]:
    """Under the table of СОУ and mean marks."""
    result = [f"База – все отметки периода: {data.catalogue.base('subjects.sou')}.{absent(data)}", weights(data)]
    return [*result, f"Разница – из неокруглённых величин. {NO_DATA}"] if kinds else result
