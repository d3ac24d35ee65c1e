# The commands of this project; continuous integration runs the same ones.
VENV := .venv
ZOO := .venv-zoo
PYTHON ?= python3
BIN := $(VENV)/bin

.PHONY: demo test lint bench zoo docs browser clean help

help:
	@echo "make demo   make the environment and run the main job on the embedded network and real digits"
	@echo "make test   make the environment and run all checks and tests"
	@echo "make lint   format, lint, types and the order of the rooms"
	@echo "make bench  what recording costs, as ratios within one run"
	@echo "make docs   the documentation as a site"
	@echo "make zoo    the same measurements on torchvision and timm (5.5 GB, not part of the tests)"

$(VENV)/ready: pyproject.toml constraints.txt
	@echo "making the environment in $(VENV) (torch is the large part; about a minute)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,lint,plots]'
	@touch $@

demo: $(VENV)/ready
	$(BIN)/nnwhy demo

test: $(VENV)/ready lint browser
	@echo "running the tests"
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile -q

browser:
	@command -v chromium >/dev/null || { echo "installing Chromium for the tests of the page"; \
	  { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || echo "no Chromium: the tests of the page are skipped"; }

lint: $(VENV)/ready
	@echo "checking format, lint, types and the order of the rooms"
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/pyright
	$(BIN)/lint-imports

bench: $(VENV)/ready
	$(BIN)/python bench/overhead.py

$(ZOO)/ready: pyproject.toml
	@echo "making the environment for torchvision and timm in $(ZOO) (5.5 GB)"
	$(PYTHON) -m venv $(ZOO)
	$(ZOO)/bin/python -m pip install --quiet --disable-pip-version-check torch==2.14.1 torchvision==0.29.1 timm transformers --editable .
	@touch $@

zoo: $(ZOO)/ready
	$(ZOO)/bin/python bench/zoo.py
	$(ZOO)/bin/python bench/overhead.py
	$(ZOO)/bin/python bench/inference.py
	$(ZOO)/bin/python bench/quiet.py
	$(ZOO)/bin/python bench/planted.py --most 20

docs: $(VENV)/ready
	@echo "building the documentation in site/"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[docs]'
	NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf $(VENV) $(ZOO) build dist
