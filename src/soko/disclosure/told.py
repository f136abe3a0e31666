"""Findings of the scan in Russian: file, place, kind – and never what was found."""

from __future__ import annotations

from itertools import groupby

from soko import russian
from soko.disclosure.leaks import CLOSED, Leak
from soko.disclosure.needles import Needles
from soko.errors import DataError

_PLACES = 3  # of one kind in one file


def lines(found: list[Leak], needles: Needles, files: int, cells: int = 0) -> list[str]:
    """What ``soko scan`` prints; ``cells``: hidden ones of releases, whose true figures were looked for."""
    told = [
        f"Проверено: {russian.count(files, 'файл')}. Искали: {russian.count(len(needles.people), 'человек')} "
        f"и {russian.count(len(needles.births), 'дата')} рождения, коды, телефоны, номера документов."
    ]
    if cells:
        told.append(f"И числа, скрытые в выпусках: {russian.count(cells, 'ячейка')} – рядом с группой и показателем.")
    if needles.shared:
        told.append(
            f"Фамилия и инициалы те же, что у названных в params, имеют {russian.count(needles.shared, 'человек')}: "
            "в такой записи их не отличить, полное имя искали."
        )
    if not needles.people:
        told.append("Внимание: в рабочей папке нет сведений о людях (data/private, data/incoming), имена не искали.")
    if needles.unread:
        told.append(
            f"Внимание: в data/incoming не прочитано: {russian.count(needles.unread, 'файл')}; "
            "тех, кто назван только там, не искали."
        )
    if not found:
        return [*told, "Персональных данных не найдено."]
    for file, own in groupby(found, key=lambda leak: leak.file):
        told += [f"  {file}", *(f"    {line}" for line in _of_file(list(own)))]
    told.append(f"Найдено мест: {len(found)}. {todo(found)}")
    return told


def _of_file(own: list[Leak]) -> list[str]:
    kinds: dict[str, list[str]] = {}
    for leak in own:
        kinds.setdefault(leak.kind, []).append(leak.where)
    return [
        f"{kind}: {'; '.join(filter(None, places[:_PLACES])) or 'весь файл'}"
        + (f" и ещё {len(places) - _PLACES}" if len(places) > _PLACES else "")
        for kind, places in kinds.items()
    ]


def todo(found: list[Leak]) -> str:
    """What to do about the findings."""
    advice = []
    if any(not leak.kind.startswith(CLOSED) for leak in found):
        advice.append("Уберите эти сведения и проверьте папку ещё раз; публиковать её нельзя.")
    if any(leak.kind.startswith(CLOSED) for leak in found):
        advice.append("Файлы, в которые не удалось заглянуть, уберите или сохраните в другом виде (PDF, DOCX, XLSX).")
    return " ".join(advice)


def refuse(found: list[Leak], what: str) -> None:
    """Raise DataError (exit code 1) when anything was found; ``what`` is published («папка для сайта»)."""
    if found:
        files = len({leak.file for leak in found})
        listed = "\n".join(
            f"  {file}: {line}"
            for file, own in groupby(found, key=lambda leak: leak.file)
            for line in _of_file(list(own))
        )
        raise DataError(
            f"публикация остановлена, {what}: персональные данные или закрытые файлы "
            f"({russian.count(files, 'файл')})\n{listed}",
            todo=todo(found),
        )
