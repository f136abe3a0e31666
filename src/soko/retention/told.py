"""What the commands of removal say, and do once they are told to."""

from __future__ import annotations

from datetime import date

from rich.markup import escape

from soko.errors import FailureError, UsageError
from soko.retention import forget, purge, removal
from soko.retention.traces import Place
from soko.run import console
from soko.run.staging import busy
from soko.russian import count
from soko.workspace import Workspace

_KINDS = {
    "names": "списки имён и кодов (data/private)",
    "clean": "построчные таблицы (data/clean)",
    "memory": "запомненное о прочитанных файлах",
    "returned": "книги с отмеченными ячейками",
    "annexes": "приложения с фамилиями",
    "private": "другие файлы data/private",
    "export": "выгрузки для других программ (data/export)",
    "outputs": "документы в outputs",
    "incoming": "исходные файлы школы (data/incoming)",
}
_ROWS = ("names", "clean")
_SHOWN = 20
_CELLS = 12


def today() -> str:
    """Today's date for the journal: it is the only place that has one."""
    return date.today().isoformat()


def settle(workspace: Workspace) -> bool:
    """Finish a removal that broke off; whether there was one."""
    begun = removal.begun(workspace)
    if begun is None:
        return False
    _not_busy(workspace)
    _carry_out(workspace, begun)
    console.out.print("Удаление, которое в прошлый раз оборвалось, закончено.")
    return True


def forgotten(workspace: Workspace, found: forget.Plan, *, yes: bool) -> bool:
    """Tell the plan of ``soko forget``, carry it out with ``yes``; False when the school still has something to do."""
    out = console.out
    if found.nothing and not found.places:
        out.print("Сведения об этом обучающемся уже удалены, в рабочей папке его нет.")
        return True
    if not found.nothing:
        out.print("Удалено:" if yes else "Будет удалено:")
        if yes:
            _not_busy(workspace)
            _carry_out(workspace, found.removal)
        _counts(found.removal, rows=True)
        _outputs(found.removal)
        if found.sealed:
            out.print(
                f"Показатели остаются такими, как рассчитаны ({', '.join(found.sealed)}): эти периоды больше не "
                "пересчитываются, soko report скажет об этом. Без удалённых сведений: soko report ПЕРИОД --force"
            )
    elif yes:
        _carry_out(workspace, found.removal)
        out.print("В том, что сделала программа, сведений о нём нет.")
    _places(found)
    if not yes:
        out.print("Это проверка, ничего не удалено. Чтобы удалить, повторите команду с --yes.")
        return True
    if found.left:
        out.print(
            "Не закончено: обучающийся ещё стоит в файлах школы, названных выше. Уберите эти строки (для файлов проще "
            "выгрузить их заново) и повторите команду: она проверит, что ничего не осталось."
        )
        return False
    out.print("Готово: в рабочей папке сведений об этом обучающемся не осталось. Запись – data/private/removed.csv.")
    return True


def purged(workspace: Workspace, found: purge.Plan, before: str, *, yes: bool) -> None:
    """Tell the plan of ``soko purge``; carry it out with ``yes``."""
    out = console.out
    if not found.removal.periods:
        out.print(f"Персональных данных раньше, чем {before}, нет.")
    else:
        if yes:
            _not_busy(workspace)
            _carry_out(workspace, found.removal)
        out.print(
            f"{'Удалено' if yes else 'Будет удалено'} (раньше, чем {before}): {', '.join(found.removal.periods)}."
        )
        _counts(found.removal, rows=False)
        out.print("Показатели, выпущенные документы и манифесты остаются; пересчитать эти периоды будет нельзя.")
    if found.incoming:
        number = count(sum(found.incoming.values()), "файл")
        out.print(f"Исходные файлы не тронуты ({number}): {', '.join(found.incoming)}. Удалить и их – --incoming.")
    if found.removal.periods and not yes:
        out.print("Это проверка, ничего не удалено. Чтобы удалить, повторите команду с --yes.")


def _carry_out(workspace: Workspace, one: removal.Removal) -> None:
    """Do it. An interrupt in the middle is told as such: of others the command line says that nothing has changed."""
    try:
        removal.carry_out(workspace, one)
    except KeyboardInterrupt:
        if removal.begun(workspace) is None:
            raise
        raise FailureError(
            "удаление прервано на середине: часть уже удалена",
            todo="закончите его: soko purge --resume; до тех пор ничего не рассчитывается и не публикуется",
        ) from None


def _counts(found: removal.Removal, *, rows: bool) -> None:
    for kind, title in _KINDS.items():
        if number := found.counts.get(kind, 0):
            what = "строк" if rows and kind in _ROWS else "файлов"
            console.out.print(f"  {title} – {what}: {number}")


def _outputs(found: removal.Removal) -> None:
    for name in [name for name in found.files if name.startswith("outputs/")][:_SHOWN]:
        console.out.print(f"    {escape(name)} (если документ размещён на сайте, снимите его и оттуда)")


def _places(found: forget.Plan) -> None:
    sure = [place for place in found.places if place.sure]
    doubtful = [place for place in found.places if not place.sure]
    for title, places in (
        ("Файлы школы программа не меняет. Уберите сами (строки целиком):", sure),
        ("Посмотрите, не о нём ли (такие же фамилия и имя или инициалы есть у других):", doubtful),
    ):
        if places:
            console.out.print(title)
            for place in places:
                console.out.print(f"  {escape(_place(place))}")
    if found.unread:
        console.out.print("Эти файлы прочитать не удалось, проверьте их сами:")
        for name in found.unread:
            console.out.print(f"  {escape(name)}")


def _place(place: Place) -> str:
    sheet = f", лист «{place.sheet}»" if place.sheet not in ("", "CSV") else ""
    more = f" и ещё {len(place.at) - _CELLS}" if len(place.at) > _CELLS else ""
    at = f": {', '.join(place.at[:_CELLS])}{more}" if place.at else ""
    return f"{place.file}{sheet}{at}"


def _not_busy(workspace: Workspace) -> None:
    if busy(workspace.root / "outputs"):
        raise UsageError("какой-то период сейчас рассчитывается", todo="дождитесь окончания и повторите команду")
