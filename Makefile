# Every target works on a fresh machine with Python 3.11 or newer, git and make: it makes .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORY := examples/budapest

.PHONY: help demo desk test browser lint gate bench docs fuzz lock audit stories clean

help:
	@echo "make demo     read the example story and answer as of two days"
	@echo "make desk     read the example story and open it as web pages, as of 22 October 2025"
	@echo "make test     run the tests, those of the web pages in a real browser"
	@echo "make browser  install Debian's Chromium for them where there is none (make test does it by itself)"
	@echo "make lint     ruff and mypy strict"
	@echo "make gate     quality on the development data, against quality/floors.json"
	@echo "make bench    speed and memory: reading beside bare spaCy, a store beside one ten times as large"
	@echo "make fuzz     ten minutes of mangled input for each parser; for every night, not for every push"
	@echo "make lock     pin every package that the tests ran with, in requirements.lock"
	@echo "make audit    look for known faults in the pinned packages, where an index can be reached"
	@echo "make docs     build the pages into site/, every warning an error"
	@echo "make stories  write what tests and pages show anew, to be reviewed in the diff"
	@echo "make clean    remove .venv and caches"

demo: $(VENV)/installed
	@$(BIN)/stillon read --as-of 2025-10-18 --as-of 2025-10-22 $(STORY)
	@echo
	@echo "This was: $(BIN)/stillon read --as-of 2025-10-18 --as-of 2025-10-22 $(STORY)"
	@echo "Read your own: $(BIN)/stillon read ARTICLE.txt PAGE.html FOLDER https://...  (--format json for data)"
	@echo "Open the same as pages, to click through: make desk, then http://127.0.0.1:8000"
	@echo "A text says its day and publisher in front, \"Published: 2025-10-22\", or by --published and --publisher."

desk: $(VENV)/installed
	@mkdir -p build
	@$(BIN)/stillon add --store sqlite:///build/example.db $(STORY)
	@$(BIN)/stillon serve --store sqlite:///build/example.db --today 2025-10-22

# Four at once also where there are two processors: databases and browsers are mostly waited for.
test: $(VENV)/installed-dev browser
	$(BIN)/python -m pytest -n 4 --dist loadfile

CHROMIUM := chromium chromium-browser google-chrome
ROOT := $(if $(filter 0,$(shell id -u)),,sudo -n)

browser:
	@for name in $(CHROMIUM); do command -v $$name >/dev/null && exit 0; done; \
	if command -v apt-get >/dev/null && { $(ROOT) apt-get install -yq chromium || \
	   { $(ROOT) apt-get update -q && $(ROOT) apt-get install -yq chromium; }; } >/dev/null 2>&1; then \
	  echo "installed Debian's Chromium"; \
	else echo "there is no Chromium here and it cannot be installed: the tests in a browser will be skipped" >&2; fi

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy

gate: $(VENV)/installed
	$(BIN)/python quality/gate.py --command $(BIN)/stillon

bench: $(VENV)/installed
	$(BIN)/python bench/read.py
	$(BIN)/python bench/store.py

# Ten minutes each, by hand: STILLON_FUZZ_S=60 make fuzz
fuzz: $(VENV)/installed-dev
	STILLON_FUZZ_S=$${STILLON_FUZZ_S:-600} $(BIN)/python -m pytest tests/test_fuzz.py

lock: $(VENV)/installed-dev
	$(BIN)/python quality/lock.py > requirements.lock

audit: $(VENV)/installed-dev
	$(BIN)/python -m pip_audit --requirement requirements.lock --no-deps --disable-pip

docs: $(VENV)/installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	@echo "The pages are in site/: open site/index.html"

stories: $(VENV)/installed-dev
	$(BIN)/python -m pytest tests/publishing tests/test_docs.py tests/test_docs_shown.py --rewrite-golden

clean:
	rm -rf $(VENV) site .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Stamps: pip runs again only when what is to be installed has changed.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("stillon needs Python 3.11 or newer: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(BIN)/python
	@echo "Installing stillon and what it needs into $(VENV): some 600 MB, a minute or more, once."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	@echo "Installing stillon, its tests and its tools into $(VENV): a minute or more, once."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@ $(VENV)/installed
