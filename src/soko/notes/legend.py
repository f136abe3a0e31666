"""What stands under a table: the base and its size, the weights of the СОУ, what «–» and «×» mean."""

from __future__ import annotations

from collections.abc import Iterable

from soko import russian
from soko.analysis.rounding import format_number
from soko.indicators.reasons import SMALL
from soko.notes import hidden
from soko.notes.data import QUALITY, NoteData
from soko.notes.places import new_year
from soko.russian import NBSP

NO_DATA = "«–» – нет данных."
APART = "«×» – не сопоставляется: класс сформирован заново или год назад обучение было безотметочным."
PRELIMINARY = "* – показатели предварительные: отметки, которые протокол просит проверить, вошли в расчёт или не сданы."
OTHER_CHILDREN = "Год назад – те же параллели, другие дети; тот же состав – в таблице сравнения классов."
_WITHOUT_SOU = (
    " Графы «СОУ» нет: степень обученности не публикуется, потому что вместе с качеством знаний и средним баллом "
    "по ней вычисляется число каждой отметки."
)


def whole(data: NoteData) -> str:
    """Name of the total row."""
    return "По всем школам" if data.several else "По школе"


def base(data: NoteData, school: str, label: str) -> str:
    """Whom the shares of outcomes.* are counted over, and how many they are; the definition once in a note."""
    parts = data.current.get(QUALITY, school)
    size = f", {russian.count(parts.base, 'человек')}" if parts and parts.base else ""
    told = once(data, "base", school, label)
    if told:
        return f"База: аттестуемые{size}; определение – под таблицей {told}."
    return f"База: аттестуемые{size} – {data.catalogue.base(QUALITY)}.{absent(data)}"


def once(data: NoteData, what: str, school: str, label: str) -> str:
    """A reference to the table under which a text stands already; empty for the table that has to print it."""
    if data.several and school:
        label = f"{label}_{data.schools.index(school) + 1}"
    known = data.told.setdefault(what, label)
    return "" if known == label or not label else f"{{{{table:{known}}}}}"


def absent(data: NoteData) -> str:
    """That the grades marked by half-years are not in a quarter's base, when it is so."""
    grades = data.absent_grades
    if not grades:
        return ""
    span = f"{grades[0]}–{grades[-1]}" if len(grades) > 1 else str(grades[0])
    return f" {span}-е классы аттестуются по полугодиям и в базу четверти не входят."


def small_groups(data: NoteData, present: bool, *, pupils: bool = True) -> list[str]:
    """How groups under the threshold are shown, when there are any; ``pupils`` says that all are groups of pupils."""
    if not present:
        return []
    limit = data.conventions.thresholds.small_group
    if not pupils:
        return [f"Где в базе меньше {format_number(limit)}, вместо процентов указано число («3 из 8»)."]
    return [f"В группах менее {format_number(limit)} человек вместо процентов указано число обучающихся («3 из 8»)."]


def withheld(data: NoteData, ids: Iterable[str]) -> list[str]:
    """That small groups are not in the table, where figures of special categories of data were withheld."""
    if not data.current.withheld.intersection(ids):
        return []
    limit = format_number(data.conventions.thresholds.small_group)
    return [
        f"Группы, в которых в базе меньше {limit} человек, не показаны: сведения о здоровье, диагностике и учёте "
        "отдельных людей не раскрываются (152-ФЗ, ст. 10). Если такая группа одна, не показана и следующая по "
        "численности."
    ]


def cohorts(data: NoteData, dimension: str, kinds: Iterable[str]) -> list[str]:
    """Who is compared with whom in a table by parallels or classes that has columns of the periods ``kinds``."""
    before = new_year(data) and "previous" in kinds
    if dimension == "class" and (before or "year_ago" in kinds):
        return ["С прошлым учебным годом сравнивается тот же состав (например, 7А – с бывшим 6А)."]
    if dimension != "grade":
        return []
    same = (
        f"С прошлым периодом ({data.period.previous().short()}) сравнивается тот же состав "
        "(например, 7-е – с бывшими 6-ми)."
    )
    return [same] * before + ["Год назад – те же параллели, другие дети."] * ("year_ago" in kinds)


def weights(data: NoteData) -> str:
    """The weights of the СОУ."""
    value = data.conventions.sou_on(data.params.dates(data.period).end).value
    marks = [("5", value.five), ("4", value.four), ("3", value.three), ("2", value.two)]
    if data.conventions.na_in_base:
        marks.append(("н/а", value.na))
    return "веса СОУ, %: " + ", ".join(f"«{mark}»{NBSP}–{NBSP}{russian.number(weight)}" for mark, weight in marks)


def has_sou(data: NoteData) -> bool:
    """Whether СОУ is spoken of: what is not published needs no weights, and «„5“ – 100» would pass for a share."""
    return "subjects.sou" in (data.current.indicators if data.public else data.catalogue)


def marks_base(data: NoteData, school: str) -> str:
    """What СОУ and mean mark of pupils' groups rest on, with the weights."""
    if not has_sou(data):
        return "средний балл – по отметкам «2»–«5»"
    parts = data.current.get("subjects.sou", school)
    size = f" ({russian.count(parts.base, 'отметка')})" if parts and parts.base else ""
    kinds = "«2»–«5» и «н/а»" if data.conventions.na_in_base else "«2»–«5»"
    return f"СОУ – по всем отметкам {kinds}{size}, средний балл – по отметкам «2»–«5»; {weights(data)}"


def outcomes(data: NoteData, school: str, label: str, *, small: bool) -> list[str]:
    """Under a table of counts."""
    result = [base(data, school, label)]
    over_marks = marks_base(data, school) if "subjects.sou" in data.catalogue else ""
    sou = has_sou(data)
    without = _WITHOUT_SOU if data.public and "subjects.sou" in data.catalogue else ""
    told = once(data, "outcomes", school, label)
    if told:
        result += [f"{russian.upper_first(over_marks)}. Обозначения граф – под таблицей {told}."]
    else:
        found = data.conventions.sou_on(data.params.dates(data.period).end)
        result += [
            "«На „4“ и „5“» – без отличников; «с „3“» – с двумя и более «3», без «2» и «н/а»; "
            "«с „2“» – не успевают; «с „н/а“» – не аттестованы (есть «н/а», нет «2»). "
            "Успеваемость – доля обучающихся без «2» и «н/а», качество знаний – доля обучающихся, у которых все "
            "отметки «4» и «5».",
            f"{russian.upper_first(over_marks)}."
            + (f" СОУ – степень обученности учащихся; источник весов: {found.source}." if sou else without),
        ]
    return result + small_groups(data, small)


def comparison(data: NoteData, school: str, label: str, scopes: tuple[str, ...], *, small: bool) -> list[str]:
    """Under a table of comparisons."""
    told = once(data, "difference", school, label)
    result = [f"{base(data, school, label)} {_difference(told)}"]
    if scopes == ("class",) and (data.year_ago is not None or new_year(data)):
        result.append("С прошлым учебным годом сравнивается тот же состав (например, 7А – с бывшим 6А).")
    elif new_year(data) and data.previous is not None and scopes != ("level",):
        result.append(
            f"С прошлым периодом ({data.period.previous().short()}) сравнивается тот же состав "
            "(например, 7-е – с бывшими 6-ми)."
        )
    if scopes not in (("class",), ("level",)) and data.year_ago is not None and not new_year(data):
        result.append(OTHER_CHILDREN)
    return result + small_groups(data, small)


def _difference(told: str) -> str:
    if told:
        return f"Как посчитана разница (±) – под таблицей {told}."
    return (
        "± – разница с названным слева периодом в процентных пунктах (п.п.), из неокруглённых долей; ≈ чел. – она же, "
        "пересчитанная на нынешнюю базу (меньше одного человека – 0): это не разница чисел, и по строкам она не "
        "складывается."
    )


def codes(data: NoteData, cells: Iterable[str]) -> list[str]:
    """Reason codes of the empty cells that the table really has."""
    found = set(cells)
    told = [f"{russian.sentence('; '.join(said))}"] if (said := hidden.legend(data, found)) else []
    nothing = "«–» – нет данных или они не публикуются." if data.public else NO_DATA
    limit = format_number(data.conventions.thresholds.small_group)
    small = f"«{SMALL.sign}» – {SMALL.text.replace('small_group', limit)}."
    return [text for sign, text in ((russian.DASH, nothing), ("×", APART), (SMALL.sign, small)) if sign in found] + told


def levels(data: NoteData) -> str:
    """The abbreviations of the levels in full: «НОО – начальное общее образование»."""
    full = [f"{level.id}{NBSP}{russian.DASH} {russian.lower_first(level.title)}" for level in data.school.levels]
    return f"{', '.join(full)}." if all(level.id.isupper() for level in data.school.levels) else ""


def subjects(data: NoteData, school: str, label: str, *, small: bool, doubtful: bool = False) -> list[str]:
    """Under the table of subjects."""
    na = "«2»–«5» и «н/а»" if data.conventions.na_in_base else "«2»–«5» (без «н/а»)"
    result = [
        f"База – число отметок по предмету: {na}; «осв» и «зач» не входят.{absent(data)} Успеваемость – доля «3», «4» "
        "и «5», качество знаний – доля «4» и «5» в базе; средний балл – по отметкам «2»–«5»"
        + (f"; {weights(data)}." if has_sou(data) else ".")
    ]
    if data.previous is not None or data.year_ago is not None:
        result.append(_difference(once(data, "difference", school, label)))
    if doubtful:
        result.append(PRELIMINARY)
    return result + small_groups(data, small)


def over_marks(data: NoteData, school: str) -> list[str]:
    """Under the table of changes of СОУ and mean mark."""
    return [f"База и обозначения: {marks_base(data, school)}. ± – разница из неокруглённых величин."] + (
        [OTHER_CHILDREN] if data.year_ago is not None and not new_year(data) else []
    )


def risk(data: NoteData, school: str, label: str, *, small: bool, left_out: bool) -> list[str]:
    """Under the table of risk and reserve."""
    text = (
        "Обучающийся с «2» и «н/а» учтён среди неуспевающих. Качество, если резерв реализован, – если все обучающиеся "
    )
    text += "с одной «3» получат «4». Поимённые списки – в приложении для служебного пользования."
    if left_out:
        text = f"Классы без обучающихся этих групп не показаны. {text}"
    return [f"{base(data, school, label)} {text}", *small_groups(data, small)]
