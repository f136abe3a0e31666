"""Clean tables of many invented schools, as many marks as asked: every table that the catalogue reads, in proportion.

A school has 24 classes of 25 pupils, of which the 21 of the marked grades have a mark in each of 15 subjects. DuckDB
writes the Parquet files; every value comes from a hash of its place, so that the same number of marks gives the same
tables. Keys are those of the contracts (validation/tables), shares are such that no condition of the catalogue is idle.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from reading import SUBJECTS

from soko.indicators.sources import columns
from soko.tables import Table

CLASSES, PUPILS, TEACHERS = 24, 25, 45
MARKED = CLASSES - 3  # three of the classes are first grades
MARKS = MARKED * PUPILS * len(SUBJECTS)

# {N} marks in all; below(place, 'name', n) is a number below n, the same each time.
_PLACES = """
CREATE MACRO below(place, name, n) AS (hash(place, name) % n)::INT;
CREATE MACRO pick(place, name, values) AS values[1 + below(place, name, len(values))];
CREATE MACRO told(place, name, share, value) AS CASE WHEN below(place, name, 100) < share THEN value END;
CREATE MACRO yes(place, name, share) AS below(place, name, 100) < share;
CREATE MACRO date_of(place, name) AS DATE '2025-09-02' + below(place, name, 260);
CREATE MACRO coded(kind, place) AS kind || '_' || left(md5(place::VARCHAR), 12);
CREATE TEMP TABLE school AS SELECT i AS s, format('school{:05d}', i) AS school_id FROM range({schools}) AS r(i);
CREATE TEMP TABLE room AS
  SELECT s, school_id, s * {classes} + c AS k, c, grade, grade || chr((1040 + c - grade_first)::INT) AS class,
         CASE WHEN grade < 5 THEN 'НОО' WHEN grade < 10 THEN 'ООО' ELSE 'СОО' END AS level
  FROM (SELECT *, min(c) OVER (PARTITION BY s, grade) AS grade_first
        FROM (SELECT *, (1 + c * 11 // {classes})::INT AS grade FROM school, range({classes}) AS r(c)));
CREATE TEMP TABLE person AS
  SELECT *, k * {pupils} + j AS i, coded('p', k * {pupils} + j) AS pupil_id FROM room, range({pupils}) AS r(j);
CREATE TEMP TABLE subjects AS SELECT unnest({subjects}) AS subject, unnest(range({n_subjects}))::INT AS q;
CREATE TEMP TABLE worker AS
  SELECT s, school_id, t, s * 100 + t AS w, coded('t', s * 100 + t) AS staff_id FROM school, range({teachers}) AS r(t);
"""

_TABLES = {
    "schools": "SELECT school_id, school_id AS name, 'город' AS locality, 600 AS capacity, 1 AS shifts FROM school",
    "pupils": """
        SELECT school_id, pupil_id, 6 + grade AS age, class, told(i, 'sex', 99, pick(i, 's', ['м', 'ж'])) AS sex,
               told(i, 'in', 3, date_of(i, 'in on')) AS arrived_on, told(i, 'out', 3, date_of(i, 'out on')) AS left_on,
               told(i, 'over', 1, date_of(i, 'over on')) AS moved_on,
               CASE WHEN yes(i, 'over', 1) THEN grade || 'Ю' END AS moved_from, yes(i, 'again', 1) AS repeater,
               grade, level
        FROM person ORDER BY school_id, k, pupil_id""",
    # Strong pupils have good marks: otherwise nobody would have all of them «4» and «5».
    "marks": """
        SELECT p.school_id, p.pupil_id, p.class, u.subject,
               told(k * 100 + q, 'teacher', 98, coded('t', s * 100 + q * 3 + c % 3)) AS teacher_id,
               CASE WHEN yes(i * 100 + q, 'absent', 1) THEN pick(i * 100 + q, 'odd', ['н/а', 'осв', 'зач', '2'])
                    ELSE (2 + least(3, (8 * below(i, 'able', 100) + 5 * below(i * 100 + q, 'luck', 100) + 250) // 300))
                         ::VARCHAR END AS mark, p.grade, p.level
        FROM person AS p, subjects AS u WHERE c >= {classes} - {marked}
        ORDER BY s, k, p.pupil_id, u.subject LIMIT {N}""",
    "attendance": """
        SELECT school_id, pupil_id, class, ill + other + away AS lessons_missed,
               told(i, 'told ill', 95, ill) AS lessons_missed_illness, other AS lessons_missed_excused,
               told(i, 'told away', 90, away) AS lessons_missed_unexcused
        FROM (SELECT *, below(i, 'ill', 60) AS ill, below(i, 'other', 9) AS other, below(i, 'away', 4) AS away
        FROM person)
        WHERE yes(i, 'attendance', 97)""",
    "classes": "SELECT school_id, class, 25 AS pupils_start, 25 AS pupils_end, grade, level FROM room",
    "exams": """
        SELECT school_id, pupil_id, class, 'ОГЭ' AS exam, if(q = 1, 'Математика', subject) AS subject,
               'основной' AS stage, DATE '2026-06-01' + q AS held_on,
               primary_score, 30.0 AS max_primary, NULL AS score, NULL AS minimum, NULL AS exam_level,
               (2 + primary_score::INT // 8)::VARCHAR AS mark, pick(i * 100 + q, 'term', ['5', '4', '3']) AS term_mark,
               grade, level
        FROM (SELECT *, below(i * 100 + q, 'oge', 31)::DOUBLE AS primary_score FROM person, subjects
              WHERE grade = 9 AND q < 4)
        UNION ALL BY NAME
        SELECT school_id, pupil_id, class, 'ЕГЭ' AS exam, if(q = 1, 'Математика', subject) AS subject,
               CASE WHEN q = 1 THEN if(basic, 'базовый', 'профильный') END AS exam_level, 'основной' AS stage,
               DATE '2026-06-01' + q AS held_on,
               CASE WHEN NOT basic THEN below(i * 100 + q, 'ege', 101)::DOUBLE END AS score,
               CASE WHEN NOT basic THEN told(i, 'minimum', 50, 36.0) END AS minimum,
               CASE WHEN basic THEN pick(i, 'basic mark', ['5', '4', '4', '3', '2']) END AS mark, grade, level
        FROM (SELECT *, q = 1 AND yes(i, 'basic', 40) AS basic FROM person, subjects WHERE grade = 11 AND q < 3)
        UNION ALL BY NAME
        SELECT school_id, pupil_id, class, CASE WHEN grade = 4 THEN 'мониторинг 4 класса' WHEN q < 3 THEN 'ВПР'
                 WHEN q = 3 THEN 'региональное исследование' ELSE 'диагностическая работа' END AS exam, subject,
               DATE '2026-03-10' + q AS held_on, told(i * 100 + q, 'came', 95, 'участвовал') AS status,
               below(i * 100 + q, 'vpr', 21)::DOUBLE AS primary_score, 20.0 AS max_primary,
               CASE WHEN grade > 4 AND q = 3 THEN below(i, 'study', 101)::DOUBLE END AS score,
               pick(i * 100 + q, 'vpr mark', ['5', '4', '4', '3', '3', '2']) AS mark,
               pick(i * 100 + q, 'term', ['5', '4', '3', 'н/а']) AS term_mark, grade, level
        FROM person, subjects WHERE grade BETWEEN 4 AND 8 AND q < 5""",
    "graduates": """
        SELECT school_id, pupil_id, class, true AS admitted, NOT yes(i, 'fails', 2) AS certificate,
               pick(i, 'honours', ['нет', 'нет', 'нет', 'аттестат с отличием']) AS honours,
               pick(i, 'to', ['10 класс', 'СПО', 'вуз', 'работает', 'нет сведений', 'не работает и не учится'])
                 AS destination, yes(i, 'profile', 40) AS by_profile, yes(i, 'state', 60) AS state_funded, grade, level
        FROM person WHERE grade IN (9, 11)""",
    "contests": """
        SELECT school_id, pupil_id, class, 'Событие ' || e AS event,
               pick(i * 10 + e, 'kind', ['предметная олимпиада', 'конкурс', 'научно-практическая конференция']) AS kind,
               pick(i * 10 + e, 'level', ['школьный', 'школьный', 'муниципальный', 'региональный', 'всероссийский',
                                          'международный']) AS event_level,
               pick(i * 10 + e, 'result', ['победитель', 'призёр', 'участник', 'участник']) AS result, grade, level
        FROM person, range(2) AS r(e) WHERE yes(i * 10 + e, 'contest', 30)""",
    "activities": """
        SELECT school_id, pupil_id, class, 'Кружок ' || e AS activity,
               pick(i * 10 + e, 'kind', ['дополнительное образование', 'внеурочная деятельность', 'спортивная секция',
                                         'волонтёрство']) AS kind,
               pick(i * 10 + e, 'way', ['трудовое', 'экологическое', 'социальное', 'интеллектуальное']) AS direction,
               grade, level
        FROM person, range(2) AS r(e) WHERE yes(i * 10 + e, 'busy', 60)""",
    "registers": """
        SELECT school_id, pupil_id, class, pick(i, 'register', ['ОПДН', 'КДН', 'внутришкольный']) AS register,
               date_of(i, 'on') AS registered_on, told(i, 'off', 20, DATE '2026-05-20') AS removed_on,
               below(i, 'offences', 3) AS offences, below(i, 'crimes', 2) AS crimes, grade, level
        FROM person WHERE yes(i, 'register', 2)""",
    "health": """
        SELECT school_id, pupil_id, class, 6 + grade AS age, pick(i, 'group', ['I', 'II', 'II', 'III',
               'IV']) AS health_group,
               pick(i, 'pe', ['основная', 'основная', 'подготовительная', 'специальная А']) AS pe_group,
               yes(i, 'entry', 20) AS deviation_at_entry, yes(i, 'now', 25) AS deviation_now, yes(i, 'sport',
               40) AS sport,
               told(i, 'section', 30, 'плавание') AS section, below(i, 'cases', 4) AS illness_cases,
               below(i, 'days', 15) AS illness_days, yes(i, 'meals', 80) AS hot_meals, grade, level
        FROM person""",
    "diagnostics": """
        SELECT school_id, pupil_id, class, study, stage, 'общая' AS scale,
               below(i * 10 + e, study, 40)::DOUBLE AS score,
               pick(i * 10 + e, study || ' level', CASE WHEN grade = 8 THEN ['высокий', 'хороший', 'средний', 'низкий']
                    ELSE ['высокий', 'средний', 'низкий', 'норма'] END) AS result_level, grade, level
        FROM (SELECT *, unnest(CASE grade WHEN 5 THEN ['адаптация 5 класса', 'тревожность'] WHEN 1
                               THEN ['адаптация 1 класса', 'мотивация'] ELSE ['уровень воспитанности'] END) AS study
              FROM person WHERE grade IN (1, 5, 8)),
             (VALUES (0, 'входная'), (1, 'итоговая')) AS v(e, stage)""",
    "surveys": """
        SELECT school_id, 'Анкета' AS survey, pick(i, 'who', ['родители', 'обучающиеся']) AS audience,
               'r' || i AS respondent, class, 'Вопрос ' || e AS question,
               pick(e, 'theme', ['удовлетворённость', 'открытость', 'интересы']) AS theme,
               told(i * 10 + e, 'told', 95, 1 + below(i * 10 + e, 'score', 5))::DOUBLE AS score, grade, level
        FROM person, range(4) AS r(e) WHERE yes(i, 'survey', 25)""",
    "parents": """
        SELECT school_id, class, 25 AS families, told(k, 'part', 95, below(k, 'n', 26)) AS participating,
               1 + below(k, 'council', 4) AS council, 4 AS meetings, 40 + below(k, 'came', 50) AS attendance, grade,
               level
        FROM room""",
    "self_government": """
        SELECT school_id, 'Совет ' || class AS body, 'классный' AS scope, class, yes(k, 'plan', 80) AS plan,
               3 + below(k, 'members', 5) AS members, below(k, 'met', 9) AS meetings, 5 AS decisions,
               below(k, 'executed', 6) AS executed, grade, level
        FROM room
        UNION ALL BY NAME SELECT school_id, 'Совет школы' AS body, 'школьный' AS scope, true AS plan, 15 AS members
        FROM school""",
    "staff": """
        SELECT school_id, staff_id, 24 + below(w, 'age', 45) AS age,
               pick(w, 'group', ['педагогический', 'педагогический', 'педагогический', 'руководящий']) AS staff_group,
               yes(w, 'external', 3) AS external, 'учитель' AS position,
               pick(w, 'education', ['высшее педагогическое', 'высшее', 'среднее профессиональное педагогическое'])
                 AS education, below(w, 'years', 40)::DOUBLE AS teaching_years,
               pick(w, 'category', ['высшая', 'первая', 'нет']) AS category,
               told(w, 'category on', 90, DATE '2026-05-01' - below(w, 'category date', 2900)) AS category_date,
               told(w, 'trained', 90, DATE '2026-05-01' - below(w, 'trained on', 2500)) AS training_date,
               yes(w, 'fgos', 70) AS training_fgos, yes(w, 'ict', 60) AS ict, told(w, 'tech', 50,
               'проекты') AS technologies,
               below(w, 'talks', 3) AS talks, told(w, 'contest', 10, 'муниципальный') AS contest_level,
               pick(w, 'expert', ['эксперт ГИА', 'жюри', 'нет', 'нет']) AS expert_role,
               below(w, 'ill', 20) AS illness_days
        FROM worker""",
    "staffing": """
        SELECT school_id, subject, 3.0 AS rates_planned, 2.5 AS rates_filled, told(s * 100 + q, 'q', 90,
               2.25) AS rates_qualified,
               3 AS teachers, DATE '2026-05-20' AS as_of FROM school, subjects""",
    "lesson_visits": """
        SELECT school_id, staff_id, '7А' AS class, 'Алгебра' AS subject, date_of(w, 'visit') AS visited_on,
               'план' AS criterion,
               below(w, 'v', 11)::DOUBLE AS score, 10.0 AS max_score, told(w, 'vt', 50, 'проекты') AS technology,
               yes(w, 'vi', 60) AS ict, 7 AS grade, 'ООО' AS level
        FROM worker""",
    "programmes": """
        SELECT school_id, 'd' || e AS programme_id, 'Программа ' || e AS name,
               pick(e, 'way', ['техническая', 'художественная', 'социально-гуманитарная']) AS direction, 15 AS places,
               10 + below(s * 10 + e, 'enrolled', 6) AS enrolled, yes(s * 10 + e, 'fits', 90) AS compliant
        FROM school, range(6) AS r(e)""",
    "expert_scores": """
        SELECT school_id, object, 'критерий' AS criterion, 'Эксперт ' || e AS expert,
               below(s * 100 + e, object, 11)::DOUBLE AS score, 10.0 AS max_score, 1.0 AS weight
        FROM school, unnest(['безопасность', 'публичные доклады', 'методики и технологии']) AS o(object),
        range(3) AS r(e)""",
    "conditions": """
        SELECT school_id, 'безопасность' AS area, 'Договор ' || e AS item, true AS flag,
               DATE '2025-09-02' + below(s * 10 + e, 'valid', 730) AS valid_until FROM school, range(4) AS r(e)
        UNION ALL BY NAME
        SELECT school_id, area, item, number, flag, norm, violations, violations_fixed
        FROM school, (VALUES ('кабинеты', 'Кабинет физики', 9.0, NULL, 10.0, NULL, NULL),
          ('информатизация', 'Компьютеры для обучающихся', 60.0, NULL, NULL, NULL, NULL),
          ('информатизация', 'Интернет', NULL, true, NULL, NULL, NULL),
          ('питание', 'Столовая', NULL, true, NULL, NULL, NULL),
          ('медицинский кабинет', 'Лицензия кабинета', NULL, true, NULL, NULL, NULL),
          ('лицензия и аккредитация', 'Лицензия', NULL, true, NULL, NULL, NULL),
          ('санитарные требования', 'Предписания', NULL, NULL, NULL, 2, 1))
          AS v(area, item, number, flag, norm, violations, violations_fixed)""",
    "facts": """
        SELECT school_id, code, CASE WHEN NOT asked THEN below(s, code, 90)::DOUBLE END AS number,
               CASE WHEN asked THEN yes(s, code, 80) END AS flag, DATE '2026-05-20' AS as_of
        FROM (SELECT *, code >= '2.3' AND code < '2.5' AS asked
              FROM school, unnest(['1.1', '1.20', '1.21', '1.22', '1.23', '2.1', '2.2', '2.3', '2.4', '2.4.1', '2.4.2',
                                   '2.4.3', '2.4.4', '2.4.5', '2.5', '2.6']) AS v(code))""",
}


def make(folder: Path, marks: int, tables: dict[str, Table], memory: str = "8GB") -> dict[str, int]:
    """Write a Parquet file a table of the contracts; return the rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    schools = -(-marks // MARKS)
    numbers = {"schools": schools, "classes": CLASSES, "pupils": PUPILS, "teachers": TEACHERS, "marked": MARKED}
    numbers |= {"N": marks, "subjects": SUBJECTS, "n_subjects": len(SUBJECTS)}
    rows = {}
    with duckdb.connect(config={"temp_directory": str(folder / ".spill"), "memory_limit": memory}) as connection:
        connection.execute(_filled(_PLACES, numbers))
        for name, sql in _TABLES.items():
            source = f"({_filled(sql, numbers)})"
            given = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
            shown = [
                (f'"{column}"' if column in given else "NULL") + f'::{kind} AS "{column}"'
                for column, kind in columns(tables[name]).items()
            ]
            path = (folder / f"{name}.parquet").as_posix()
            connection.execute(
                f"COPY (SELECT {', '.join(shown)} FROM {source}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
            )
            counted = connection.execute(f"SELECT count(*) FROM '{path}'").fetchone()
            rows[name] = counted[0] if counted else 0
    return rows


def _filled(sql: str, numbers: dict[str, object]) -> str:
    for name, value in numbers.items():
        sql = sql.replace("{" + name + "}", str(value))
    return sql
