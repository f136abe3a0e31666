"""Read a YAML file into a pydantic model, strictly.

Duplicate keys, unknown keys and wrong values are refused with the file, the line and the nearest valid name.
PyYAML alone keeps the last of two equal keys in silence; that once hid a whole block of settings.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from soko.errors import ConfigError
from soko.hints import did_you_mean

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Strict(BaseModel):
    """Base of every configuration model: unknown keys are refused, instances cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


M = TypeVar("M", bound=BaseModel)
Lines = dict[tuple[Any, ...], int]


def load(path: Path, model: type[M]) -> M:
    """Read ``path`` into ``model``; raise ConfigError with file and line when it does not fit."""
    text = read(path)
    try:
        return _loaded(text, model)
    except (_FaultError, ValidationError):
        data, lines = load_raw(path)
        return check(data if data is not None else {}, lines, model, path)


@lru_cache(maxsize=512)
def _loaded(text: str, model: type[M]) -> M:
    data, _ = _parsed(text)
    return model.model_validate(data if data is not None else {})


def check(data: Any, lines: Lines, model: type[M], path: Path) -> M:
    """Validate already parsed ``data`` against ``model``; errors name the line in ``path``."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        # A misspelt key is also a missing one; the line to show is that of the misspelling.
        problems = sorted(error.errors(), key=lambda item: item["type"] != "extra_forbidden")[:5]
        raise ConfigError(
            "; ".join(dict.fromkeys(_explain(item, model) for item in problems)),
            where=f"{path}, строка {_line(lines, problems[0]['loc'])}",
            todo="исправьте файл и повторите команду",
        ) from None


def load_raw(path: Path) -> tuple[Any, Lines]:
    """Return the parsed data, which may not be changed, and a map from key path to line number (1-based)."""
    text = read(path)
    try:
        return _parsed(text)
    except _FaultError as fault:
        where = f"{path}, строка {fault.line}" if fault.line else str(path)
        raise ConfigError(fault.what, where=where, todo=fault.todo) from None


class _FaultError(Exception):
    """What is wrong with a text, before it is known in which file it stands; ``line`` is 0 where nobody can tell."""

    def __init__(self, what: str, line: int, todo: str = "") -> None:
        super().__init__(what)
        self.what, self.line, self.todo = what, line, todo


def read(path: Path) -> str:
    """The text of a settings file; ConfigError when there is none or it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError("нет файла настроек", where=str(path), todo="создайте его или выполните soko init") from None
    except UnicodeDecodeError:
        raise ConfigError("файл настроек не в кодировке UTF-8", where=str(path), todo="сохраните его в UTF-8") from None


# A run asks for the same settings a dozen times, and a second workspace has most of the texts of the first. The text is
# the key, so no change is missed.
@lru_cache(maxsize=512)
def _parsed(text: str) -> tuple[Any, Lines]:
    lines: Lines = {}
    try:
        loader = Loader(text)
        node = loader.get_single_node()
        data = None if node is None else _build(loader, node, (), lines)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = "файл не читается как YAML (проверьте отступы и кавычки)"
        raise _FaultError(what, mark.line + 1 if mark else 0) from None
    return data, lines


def _build(loader: Any, node: yaml.Node, at: tuple[Any, ...], lines: Lines) -> Any:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            if key in result:
                line = key_node.start_mark.line + 1
                raise _FaultError(f"ключ «{key}» записан дважды", line, todo="оставьте одну запись")
            result[key] = _build(loader, value_node, (*at, key), lines)
            lines[(*at, key)] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, child, (*at, i), lines) for i, child in enumerate(node.value)]
    return loader.construct_object(node, deep=True)


def _line(lines: Lines, loc: tuple[Any, ...]) -> int:
    while loc:
        if loc in lines:
            return lines[loc]
        loc = loc[:-1]
    return 1


def _explain(item: Any, model: type[BaseModel]) -> str:
    loc, kind = item["loc"], item["type"]
    name = loc[-1] if loc else ""
    if kind == "extra_forbidden":
        known = _fields_at(model, loc[:-1])
        return f"неизвестный ключ «{name}»{did_you_mean(str(name), known)}"
    dotted = ".".join(str(part) for part in loc)
    if kind == "missing":
        return f"нет обязательного ключа «{dotted}»"
    if kind == "value_error":
        return f"«{dotted}»: {item['ctx']['error']}" if dotted else str(item["ctx"]["error"])
    expected = item.get("ctx", {}).get("expected")
    hint = f"; допустимо: {str(expected).replace(' or ', ' или ')}" if expected else f" ({_KINDS.get(kind, kind)})"
    return f"«{dotted}»: значение «{item['input']}» не подходит{hint}"


_KINDS = {
    "int_parsing": "нужно целое число",
    "int_type": "нужно целое число",
    "float_parsing": "нужно число",
    "float_type": "нужно число",
    "string_type": "нужна строка; возьмите значение в кавычки",
    "bool_parsing": "нужно true или false",
    "bool_type": "нужно true или false",
    "date_from_datetime_parsing": "нужна дата вида 2025-09-01",
    "date_type": "нужна дата вида 2025-09-01",
    "list_type": "нужен список",
    "dict_type": "нужен набор «ключ: значение»",
    "model_type": "нужен набор «ключ: значение»",
}


def _fields_at(model: Any, loc: tuple[Any, ...]) -> list[str]:
    for part in loc:
        model = _model_of(model)
        if model is None:
            return []
        field = getattr(model, "model_fields", {}).get(part)
        if field is not None:
            model = field.annotation
    model = _model_of(model)
    return sorted(model.model_fields) if model is not None else []


def _model_of(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, dict, tuple, Union) or get_args(annotation):
        for arg in get_args(annotation):
            found = _model_of(arg)
            if found is not None:
                return found
    return None
