# Everything starts from Python 3.11 or newer with venv and pip:
#   make demo    set up if needed, then run the demonstration
#   make test    set up if needed, then run the tests (ARGS="-k stake" goes to pytest)
#   make lint    ruff, mypy and the import contracts
#   make wheel   build the wheel and try it in an empty environment
#   make neo4j   run a Neo4j server on this machine (needs Java 17 and Maven)
#   make bench   the benchmarks, beside their peers, in an environment of their own
#   make lock    resolve the versions in requirements/ anew
#   make clean   remove environments, caches and build output
# Another interpreter: make demo PYTHON=/path/to/python3.12

MIN := 3, 11
RUNS := -c 'import sys; sys.exit(sys.version_info < ($(MIN)))' 2>/dev/null
PYTHON ?= $(shell for p in python3.11 python3 python3.13 python3.12; do $$p $(RUNS) && echo $$p && break; done)
CHECK = '$(PYTHON)' $(RUNS) || { echo "Spillover needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }

PIP := -m pip --disable-pip-version-check --quiet
INSTALL = $(PIP) install --require-hashes -r
EDITABLE = $(PIP) install --no-deps --no-build-isolation --editable .
BIN := .venv/bin
UV := uv>=0.9,<1
COMPILE = .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" pyproject.toml

.PHONY: demo test lint format neo4j bench wheel lock clean setup
.DELETE_ON_ERROR:

demo: .venv/.stamp
	@$(BIN)/spillover demo

test: .venv/.stamp
	@$(BIN)/pytest $(ARGS)

lint: .venv/.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.stamp
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Build the wheel and ask it the opening example from an empty environment.
wheel: .venv/.stamp
	@$(BIN)/python scripts/check_wheel.py

# In the foreground; its data and password stay in build/neo4j/home. Another port: make neo4j PORT=7688
neo4j: .venv/.stamp
	@PORT=$(PORT) $(BIN)/python scripts/neo4j_server.py

bench: .venv-bench/.stamp
	@.venv-bench/bin/python -m benchmarks $(ARGS)

setup: .venv/.stamp

# The stamp is touched last, so an interrupted set-up is taken up again by the next make.
.venv/.stamp: pyproject.toml requirements/dev.lock
	@$(CHECK)
	@echo "Setting up .venv (a minute or two, once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python $(INSTALL) requirements/dev.lock
	@$(BIN)/python $(EDITABLE)
	@touch $@

.venv-bench/.stamp: pyproject.toml requirements/bench.lock
	@$(CHECK)
	@echo "Setting up .venv-bench (a minute or two, once)"
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python $(INSTALL) requirements/bench.lock
	@.venv-bench/bin/python $(EDITABLE)
	@touch $@

# dev.lock is resolved first: the other two take the versions that it chose.
lock:
	@$(CHECK)
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python $(PIP) install '$(UV)'
	@mkdir -p requirements
	$(COMPILE) --group dev --upgrade --output-file requirements/dev.lock
	$(COMPILE) --constraint requirements/dev.lock --upgrade --output-file requirements/runtime.lock
	$(COMPILE) --constraint requirements/dev.lock --group bench --group build --upgrade --output-file requirements/bench.lock
	@rm -rf .venv-lock

clean:
	rm -rf .venv .venv-bench .venv-lock build dist htmlcov .coverage .hypothesis \
		.import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find spillover tests -name __pycache__ -type d -prune -exec rm -rf {} +
