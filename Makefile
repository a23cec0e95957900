# Circlenote's tasks. `make try` and `make test` are the two a newcomer needs; each sets up what it needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup try test lint types imports format corpus train e2e lock clean

setup: ## prepare .venv (done by every other target)
	@$(PYTHON) .ci/setup.py

try: setup ## a fictional practice and a conversation in this terminal
	@$(BIN)/circlenote try $(ARGS)

test: setup lint types imports ## everything that must pass
	@$(BIN)/python -m pytest $(ARGS)

lint: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: setup
	@$(BIN)/mypy

imports: setup
	@$(BIN)/lint-imports

format: setup ## let ruff rewrite what it can
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

corpus: setup ## score the reader on the labelled messages
	@$(BIN)/python -m tests.corpus.report $(ARGS)

train: setup ## train the reader's learned part anew
	@$(BIN)/python -m nlp.learned.train $(ARGS)

e2e: setup ## whole evenings in a real browser; needs node and Debian's chromium
	@npm ci --silent --prefix tests/e2e
	@CIRCLENOTE_E2E=required $(BIN)/python -m pytest tests/e2e $(ARGS)

lock: ## for maintainers: pin every dependency anew, with hashes and without addresses
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url -q -o requirements.lock

clean:
	rm -rf .venv var .setup.lock .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
