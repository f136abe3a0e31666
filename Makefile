# The front door. Each target sets up .venv by itself; everything else is one call of the soko CLI.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= python3
VENV ?= .venv
WORKSPACE ?= .
PERIOD ?=
NOTE ?=
REPORT ?=
YEAR ?=
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# PYTHONHASHSEED and the rest are left alone: results do not depend on them (a test says so).
export SOKO_WORKSPACE := $(WORKSPACE)
export JUPYTER_PLATFORM_DIRS := 1
UV := $(shell command -v uv 2>/dev/null)

.PHONY: help setup report self-assessment data-sheet validate indicators status plan verify lab templates export publish demo test test-deep test-fast lint format bench bench-reading bench-checking bench-catalogue picture docs sentences lock clean distclean

help: ## эта справка
	@printf 'Команды (make ЦЕЛЬ [PERIOD=2025-2026/q1] [NOTE=academic_results] [WORKSPACE=папка]):\n\n'
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## установить всё нужное в .venv (остальные цели делают это сами)

$(STAMP): requirements.txt pyproject.toml
	@test -d $(VENV) || { $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Нужен Python 3.11 или новее: make PYTHON=python3.11 report'; exit 2; }; $(PYTHON) -m venv $(VENV); }
ifeq ($(UV),)
	@test -x $(BIN)/uv || { echo 'Установка: uv…'; $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; }
endif
	@echo 'Установка: библиотеки (около минуты при первом запуске)…'
	@$(if $(UV),$(UV),$(BIN)/uv) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.txt
	@$(if $(UV),$(UV),$(BIN)/uv) pip install --quiet --python $(BIN)/python --compile-bytecode --no-deps --editable .
	@$(BIN)/python -m compileall -q src/soko
	@touch $@

report: $(STAMP) ## проверить данные, рассчитать показатели и выпустить справки и доклады периода (PERIOD, NOTE, REPORT)
	@$(BIN)/soko report $(PERIOD) $(if $(NOTE),--note $(NOTE)) $(if $(REPORT),--report $(REPORT))

data-sheet: $(STAMP) ## лист данных для муниципалитета и региона: складываемые числители и знаменатели (PERIOD)
	@$(BIN)/soko data-sheet $(PERIOD)

self-assessment: $(STAMP) ## отчёт о самообследовании за календарный год и показатели приказа № 1324 (YEAR=2025)
	@$(BIN)/soko self-assessment $(YEAR)

validate: $(STAMP) ## только проверить данные периода; протокол и перечень замечаний
	@$(BIN)/soko validate $(PERIOD)

indicators: $(STAMP) ## проверить данные и рассчитать показатели периода
	@$(BIN)/soko indicators $(PERIOD)

status: $(STAMP) ## что готово по каждому периоду и чей ход по плану (PERIOD)
	@$(BIN)/soko status $(PERIOD)

plan: $(STAMP) ## годовая циклограмма мониторинга: HTML, PDF, DOCX и календарь сроков (YEAR=2025-2026)
	@$(BIN)/soko plan $(YEAR)

verify: $(STAMP) ## сверить опубликованное с манифестом
	@$(BIN)/soko verify $(PERIOD)

lab: $(STAMP) ## открыть тетради в JupyterLab
	@$(BIN)/soko lab

templates: $(STAMP) ## шаблоны таблиц для заполнения в Excel (папка DIR, обычно outputs/templates)
	@$(BIN)/soko templates $(DIR)

export: $(STAMP) ## выгрузить проверенные таблицы периода пакетом данных (PERIOD, DIR)
	@$(BIN)/soko export $(PERIOD) $(if $(DIR),--to $(DIR))

publish: $(STAMP) ## выложить публичные документы периода на сайт (PERIOD, TO=папка)
	@$(BIN)/soko publish $(PERIOD) --to $(or $(TO),outputs/site)

demo: $(STAMP) ## пересоздать демонстрационную школу (SEED=2025) в папке DIR
	@$(BIN)/soko demo $(or $(DIR),outputs/demo) --seed $(or $(SEED),2025)

test: $(STAMP) ## тесты (около десяти минут на двух ядрах)
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not deep' $(ARGS)

test-deep: $(STAMP) ## долгие тесты: тетради, которые падают и виснут; все периоды двумя способами; календарный год
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m deep $(ARGS)

test-fast: $(STAMP) ## тесты без медленных
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not slow and not browser and not deep' $(ARGS)

lint: $(STAMP) ## ruff, проверка типов, тетради без результатов
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python tests/tools/check_notebooks.py

format: $(STAMP) ## привести код и тетради к единому виду
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .
	@$(BIN)/nbstripout --keep-id notebooks/*.ipynb notebooks/*/*.ipynb

bench: $(STAMP) ## измерить скорость против обычного способа (papermill + nbconvert)
	@$(BIN)/python benchmarks/run.py

bench-reading: $(STAMP) ## измерить чтение 500 книг против pandas + openpyxl
	@$(BIN)/python benchmarks/reading.py

bench-checking: $(STAMP) ## измерить проверку до миллиона отметок против одной Great Expectations
	@$(BIN)/python benchmarks/checking.py

bench-catalogue: $(STAMP) ## измерить расчёт всего каталога до двадцати миллионов отметок против DuckDB и pandas (нужно около 12 ГБ памяти)
	@$(BIN)/python benchmarks/catalogue.py

picture: report ## рисунок первой страницы README из справки
	@$(BIN)/python docs/picture.py

docs: $(STAMP) ## обновить docs/indicators.md, rules.md, data_dictionary.md, gallery.md и narrative.md по каталогу, правилам, таблицам, видам рисунков и справкам
	@$(BIN)/python -m soko.indicators.passport docs/indicators.md
	@$(BIN)/python -m soko.validation.catalogue > docs/rules.md
	@$(BIN)/python -m soko.forms.dictionary docs/data_dictionary.md
	@$(BIN)/python -m soko.notes.gallery docs/gallery.md
	@$(BIN)/python -m soko.notes.rules_docs docs/narrative.md

sentences: $(STAMP) ## заново записать, что справки говорят с разными числами (tests/golden/sentences); прочитайте git diff
	@$(BIN)/python tests/tools/sentences.py

lock: ## обновить requirements.txt по pyproject.toml
	@$(if $(UV),$(UV),$(BIN)/uv) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --no-header --extra dev pyproject.toml -o requirements.txt

clean: ## удалить рассчитанное (outputs, data/clean, data/history); исходные файлы и data/private остаются
	rm -rf $(WORKSPACE)/outputs $(WORKSPACE)/data/clean $(WORKSPACE)/data/history

distclean: clean ## удалить ещё и .venv
	rm -rf $(VENV)
