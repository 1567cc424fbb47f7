# The till. `make help` lists what there is.
PY := .venv/bin/python
TEST_ENV := QT_QPA_PLATFORM=offscreen

.DEFAULT_GOAL := help
.PHONY: help run test check bench controls soak lock wheel deb portable windows installers sign clean .venv/.ready .venv/.ready-dev

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.ready  ## open the till with the built-in gateway (sets up what is missing)
	@$(PY) -m pos_app run --demo

test: check  ## all checks and all tests
	$(TEST_ENV) $(PY) -m pytest -q $(if $(CI), --randomly-seed=20261122)

check: .venv/.ready-dev  ## formatting, lint, types, floors
	$(PY) -m ruff format --check -q pos_app tests
	$(PY) -m ruff check -q pos_app tests
	$(PY) -m mypy
	$(PY) -c 'import sys; from importlinter.cli import lint_imports_command as c; sys.argv[0] = "lint-imports"; c()' >.lint-imports.log 2>&1 || { cat .lint-imports.log; exit 1; }

bench: .venv/.ready-dev  ## measure: decoding, frame to wire, start-up, idle, memory
	$(TEST_ENV) $(PY) -m tests.bench

controls: .venv/.ready-dev  ## plant each known bug in a copy, and see a test find it
	$(TEST_ENV) $(PY) -m tests.controls

soak: .venv/.ready-dev  ## the long runs (an hour or two); writes their figures into the README
	$(PY) -m tests.soak

lock: .venv/.ready  ## lock the dependencies anew, with hashes and without any index address
	for what in requirements requirements-dev requirements-build requirements-tools; do \
	  .tools/bin/python -m uv pip compile -q --upgrade --generate-hashes --universal --no-emit-index-url --no-header \
	    --python-version 3.11 packaging/$$what.in -o packaging/$$what.txt || exit 1; done

wheel: .venv/.ready  ## build dist/pos_app-….whl
	rm -rf build
	.tools/bin/python -m uv build -q --wheel --system-certs --python $(PY) --out-dir dist

deb: .venv/.ready  ## build dist/pos-app_….deb for Debian and its like
	@packaging/linux/deb.sh

portable: .venv/.ready  ## build dist/pos-app-….run: the till in one file, for any Linux
	@packaging/linux/portable.sh

windows: .venv/.ready  ## build dist/pos-app-…-setup.exe
	@packaging/windows/build.sh

installers: deb portable windows  ## all three, with what is in them and their checksums
	@packaging/sums.sh

sign: .venv/.ready  ## sign the checksums, and the manifest for `pos-app update`: make sign KEY=key.pem
	@packaging/sign.sh "$(KEY)"
	@PYTHONPATH=. $(PY) packaging/make_update.py "$(KEY)" $(wildcard dist/*.deb dist/*.run dist/*.exe)

clean:  ## remove what was set up and made here
	rm -rf .venv .tools .lint-imports.log .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis \
	  build dist pos_app.egg-info

# Always asked: the script knows in a blink whether all is in place, also after a move or a new Python.
.venv/.ready:
	@packaging/bootstrap.sh run

.venv/.ready-dev:
	@packaging/bootstrap.sh dev
