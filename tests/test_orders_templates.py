"""Templates of orders that a school has changed: what is wrong is refused in words, with the file and the paragraph."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import word_files
from hypothesis import HealthCheck, given, settings, strategies as st
from lxml import etree

from soko.errors import ConfigError
from soko.orders import defaults
from soko.orders.content import FIELDS
from soko.orders.template import fill
from soko.publish.blocks import Meta

META = Meta(title="Приказ", author="Школа", date="2026-05-26")
VALUES = {
    "school": {"name_full": "Школа № 1", "name_short": "Ш1", "place": "г. Н."},
    "director": {"post": "Директор", "name": "И. И. Иванов"},
    "author": {"post": "завуч", "name": "П. П. Петров"},
    "period": "год",
    "heading": "Об итогах",
    "note": "справка",
    "basis": "план",
    "considered_by": "",
    "conclusions": ["Вывод."],
    "remarks": [],
    "items": [{"what": "Сделать.", "who": "завуч", "due": "1 июня 2026 г.", "basis": "7Б"}],
    "people": ["Завуч"],
}
OWN = "{{ heading }}"  # what tests put something else in place of


@pytest.fixture(scope="module")
def original() -> bytes:
    return defaults.order()


def refused(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        fill(path, FIELDS, VALUES, META, "Приказ")
    assert str(path) in str(caught.value)
    assert "Что сделать:" in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{{ headin }}", "неизвестная подстановка «headin»; возможно, имелось в виду «heading»"),
        ("{{ director.nmae }}", "«director.nmae»; возможно, имелось в виду «name»"),
        ("{{ heading.name }}", "у «heading» нет частей"),
        ("{{ director }}", "«director» состоит из частей: director.post, director.name"),
        ("{{ items }}", "«items» – перечень"),
        ("{{ heading | tojson }}", "преобразование «tojson»"),
        ("{{ heading | upper(1) }}", "преобразование «upper»"),
        ("{{ 7 * 7 }}", "вычислений и вызовов в шаблоне нет"),
        ("{{ heading[0] }}", "вычислений и вызовов"),
        ("{{ heading.__class__ }}", "у «heading» нет частей"),
        ("{{ heading.format(1) }}", "вычислений и вызовов"),
        ("{{ range(1000000000) }}", "вычислений и вызовов"),
        ("{% for a in range(9) %}{% endfor %}", "вычислений и вызовов"),
        ("{% for a in heading %}{% endfor %}", "«heading» – не перечень"),
        ("{% for a in items %}{{ a.wat }}{% endfor %}", "«a.wat»"),
        ("{% for a in items if a.what %}{% endfor %}", "цикл записывают так"),
        ("{% if nothing %}{% endif %}", "неизвестная подстановка «nothing»"),
        ("{% if not heading %}{{ wrong }}{% endif %}", "неизвестная подстановка «wrong»"),
        ("{% set a = 1 %}", "только подстановки, циклы for и условия if"),
        ("{% include 'x' %}", "только подстановки, циклы for и условия if"),
        ("{% macro a() %}{% endmacro %}", "только подстановки, циклы for и условия if"),
        ("{{ heading }", "записана неверно"),
        ("{ heading }}", "лишние или непарные скобки"),
        ("{% if heading %}", "записана неверно"),
        ("{% debug %}", "записана неверно"),
    ],
)
def test_what_cannot_be_filled_in_is_refused(original: bytes, tmp_path: Path, written: str, said: str) -> None:
    message = refused(tmp_path / "order_results.docx", word_files.changed(original, document=(OWN, written)))
    assert said in message
    assert "абзац «" in message


def test_headers_are_filled_in_and_checked_as_well(original: bytes, tmp_path: Path) -> None:
    found = word_files.parts(original)
    header = next(name for name in found if name.startswith("word/header") and b"PAGE" in found[name])
    part = header.removeprefix("word/").removesuffix(".xml")
    mark = "</w:fldSimple>"
    good = word_files.changed(original, **{part: (mark, f"{mark}<w:r><w:t>{{{{ school.name_short }}}}</w:t></w:r>")})
    path = tmp_path / "order_results.docx"
    path.write_bytes(good)
    assert "2Ш1" in word_files.paragraphs(fill(path, FIELDS, VALUES, META, "П"), header)
    assert "«school.nam»" in refused(
        path, word_files.changed(original, **{part: (mark, f"{mark}<w:r><w:t>{{{{ school.nam }}}}</w:t></w:r>")})
    )


def test_a_template_without_assignments_is_refused(original: bytes, tmp_path: Path) -> None:
    xml = word_files.parts(original)["word/document.xml"].decode()
    start = xml.rindex("<w:p>", 0, xml.index("{%p for item in items"))
    end = xml.index("</w:p>", xml.index("{%p endfor", start)) + len("</w:p>")
    message = refused(tmp_path / "t.docx", word_files.changed(original, document=(xml[start:end], "")))
    assert "нет поручений: перечня items" in message


def test_a_loop_that_ends_elsewhere_is_refused(original: bytes, tmp_path: Path) -> None:
    torn = (
        "</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>{% if heading %}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    torn += "<w:p><w:r><w:t>{% endif %}"
    message = refused(
        tmp_path / "t.docx",
        word_files.changed(original, document=(OWN, torn.replace("if heading", "if basis and not basis"))),
    )
    assert "начинается в одном месте, а кончается в другом" in message


def test_a_missing_template_names_the_nearest(original: bytes, tmp_path: Path) -> None:
    (tmp_path / "extract.docx").write_bytes(original)
    with pytest.raises(ConfigError, match=r"нет шаблона «extrakt\.docx»; возможно, имелось в виду «extract\.docx»"):
        fill(tmp_path / "extrakt.docx", FIELDS, VALUES, META, "П")


def relation(original: bytes, kind: str, more: str = "", target: str = "x.xml") -> bytes:
    found = word_files.parts(original)
    name = "word/_rels/document.xml.rels"
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    entry = f'<Relationship Id="rId99" Type="{types}/{kind}" Target="{target}" {more}/></Relationships>'
    found[name] = found[name].replace(b"</Relationships>", entry.encode())
    return word_files.packed(found)


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("hyperlink", 'TargetMode="External"', "шаблон ссылается на «x.xml»"),
        ("image", 'TargetMode="External"', "шаблон ссылается на «x.xml»"),
        ("subDocument", 'TargetMode="External"', "шаблон ссылается на"),
        ("oleObject", "", "внедрённый объект"),
        ("vbaProject", "", "макросы"),
        ("comments", "", "примечания"),
        ("somethingNew", "", "(somethingNew)"),
    ],
)
def test_what_reaches_out_or_runs_is_refused(original: bytes, tmp_path: Path, kind: str, more: str, said: str) -> None:
    assert said in refused(tmp_path / "t.docx", relation(original, kind, more))


def test_broken_and_foreign_files_are_refused(original: bytes, tmp_path: Path) -> None:
    path = tmp_path / "t.docx"
    found = word_files.parts(original)
    for content in (b"", b"text", b"\xd0\xcf\x11\xe0" + bytes(600), original[: len(original) // 2]):
        assert "не открывается как документ Word" in refused(path, content)
    without = {name: part for name, part in found.items() if name != "word/document.xml"}
    assert "не открывается как документ Word" in refused(path, word_files.packed(without))
    torn = found | {"word/styles.xml": found["word/styles.xml"][:-9]}
    assert "не открывается как документ Word" in refused(path, word_files.packed(torn))


def test_bombs_are_refused(original: bytes, tmp_path: Path) -> None:
    found = word_files.parts(original)
    big = word_files.packed(found | {"word/media/a.png": bytes(31 << 20)})
    assert len(big) < 200_000
    assert "после распаковки файл больше 30 МБ" in refused(tmp_path / "t.docx", big)
    many = word_files.packed(found | {f"word/media/{at}.png": b"" for at in range(500)})
    assert "больше 400 частей" in refused(tmp_path / "t.docx", many)
    entities = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>'
    xml = found["word/document.xml"]
    start = xml.index(b"<w:document")
    doctype = word_files.packed(found | {"word/document.xml": xml[:start] + entities + xml[start:]})
    assert "DOCTYPE" in refused(tmp_path / "t.docx", doctype)


def test_tracked_changes_are_refused(original: bytes, tmp_path: Path) -> None:
    mark = '<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{{ heading }}</w:t></w:r>'
    tracked = word_files.changed(original, document=(mark, f'<w:ins w:id="1" w:author="Иванов">{mark}</w:ins>'))
    assert "режим правки" in refused(tmp_path / "t.docx", tracked)


def test_who_made_the_template_is_not_told(original: bytes, tmp_path: Path) -> None:
    found = word_files.parts(original)
    core = found["docProps/core.xml"].decode()
    found["docProps/core.xml"] = core.replace(">СОКО<", ">Секретов<").encode()
    settings_xml = found["word/settings.xml"].decode()
    found["word/settings.xml"] = settings_xml.replace(
        "</w:settings>", '<w:rsids><w:rsidRoot w:val="00AB"/></w:rsids></w:settings>'
    ).encode()
    path = tmp_path / "t.docx"
    path.write_bytes(word_files.packed(found))
    made = fill(path, FIELDS, VALUES, META, "Приказ")
    everything = b"".join(word_files.parts(made).values()).decode(errors="replace")
    assert "Секретов" not in everything
    assert "rsidRoot" not in everything


def test_word_tears_a_name_into_runs_and_it_is_filled_in_all_the_same(original: bytes, tmp_path: Path) -> None:
    torn = '{{ hea</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t>ding </w:t></w:r><w:r><w:t>}}'
    path = tmp_path / "t.docx"
    path.write_bytes(word_files.changed(original, document=(OWN, torn)))
    assert "Об итогах" in word_files.paragraphs(fill(path, FIELDS, VALUES, META, "П"))


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="{}%#"), max_size=40)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(what=TEXT, who=TEXT, conclusions=st.lists(TEXT, max_size=3))
def test_any_text_gives_a_whole_document(
    original: bytes, tmp_path: Path, what: str, who: str, conclusions: list[str]
) -> None:
    from soko.orders.content import _clean

    values = _clean(VALUES | {"conclusions": conclusions, "items": [VALUES["items"][0] | {"what": what, "who": who}]})
    path = tmp_path / "t.docx"
    path.write_bytes(original)
    made = fill(path, FIELDS, values, META, "П")
    word_files.sound(made)
    point = f"{values['items'][0]['what']} Ответственный – {values['items'][0]['who']}. Срок"
    assert any(point.replace("\xa0", " ").replace("\u2011", "-") in text for text in word_files.paragraphs(made))


def test_what_data_say_is_never_a_placeholder(original: bytes, tmp_path: Path) -> None:
    path = tmp_path / "t.docx"
    path.write_bytes(original)
    values = VALUES | {"conclusions": ["a < b & c", "<w:p>"]}
    texts = word_files.paragraphs(fill(path, FIELDS, values, META, "П"))
    assert {"a < b & c", "<w:p>"} <= set(texts)
    with zipfile.ZipFile(io.BytesIO(fill(path, FIELDS, values, META, "П"))) as package:
        etree.fromstring(package.read("word/document.xml"))
