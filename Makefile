# The till. `make help` lists what there is.
PY := .venv/bin/python
TEST_ENV := QT_QPA_PLATFORM=offscreen

.DEFAULT_GOAL := help
.PHONY: help run test check bench soak lock clean

help:  ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s '|'

run: .venv/.ready  ## open the till with the built-in gateway (sets up what is missing)
	@$(PY) -m pos_app run --demo

test: check  ## all checks and all tests
	$(TEST_ENV) $(PY) -m pytest -q

check: .venv/.ready-dev  ## formatting, lint, types, floors
	$(PY) -m ruff format --check -q pos_app tests
	$(PY) -m ruff check -q pos_app tests
	$(PY) -m mypy
	$(PY) -c 'import sys; from importlinter.cli import lint_imports_command as c; sys.argv[0] = "lint-imports"; c()' >.lint-imports.log 2>&1 || { cat .lint-imports.log; exit 1; }

bench: .venv/.ready-dev  ## measure: decoding, frame to wire, start-up, idle, memory
	$(TEST_ENV) $(PY) -m tests.bench

soak: .venv/.ready-dev  ## the long runs (minutes to hours)
	$(TEST_ENV) POS_APP_SOAK=1 $(PY) -m pytest -q -n 2 tests/end_to_end/test_kill.py

lock: .venv/.ready  ## lock the dependencies anew, with hashes and without any index address
	for what in requirements requirements-dev requirements-tools; do \
	  .tools/bin/python -m uv pip compile -q --upgrade --generate-hashes --universal --no-emit-index-url --no-header \
	    --python-version 3.11 packaging/$$what.in -o packaging/$$what.txt || exit 1; done

clean:  ## remove what was set up and made here
	rm -rf .venv .tools .lint-imports.log .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/.ready: packaging/requirements.txt packaging/requirements-tools.txt packaging/bootstrap.sh
	@test .venv/.ready-dev -nt packaging/requirements.txt && touch $@ || { packaging/bootstrap.sh run && touch $@; }

.venv/.ready-dev: packaging/requirements-dev.txt packaging/requirements-tools.txt packaging/bootstrap.sh
	@packaging/bootstrap.sh dev && touch $@
