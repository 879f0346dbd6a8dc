# Needs make and Python 3.11 or newer, nothing else: `make demo` and `make test` set up what they use.

.DEFAULT_GOAL := help
.PHONY: help install demo test test-all check bench screenshots

BIN := .venv/bin
INSTALLED := .venv/.installed
# What an argument such as ONCE=0 says.
on = $(filter-out 0 no false off,$(1))

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED)  ## set up .venv with what stands in requirements-dev.lock

demo: $(INSTALLED)  ## everything, with stand-ins for Clio and Xero (ONCE=1, BILLS=200, PORT=8000, SANDBOX_PORT=8100)
	@$(BIN)/python manage.py demo $(if $(call on,$(ONCE)),--once) $(if $(BILLS),--bills $(BILLS)) \
		$(if $(PORT),--port $(PORT)) $(if $(SANDBOX_PORT),--sandbox-port $(SANDBOX_PORT))

test: $(INSTALLED)  ## the tests, but for the long ones (ARGS="-k name")
	@$(BIN)/python -m pytest -n 2 -m "not long" $(ARGS)

test-all: $(INSTALLED)  ## every test
	@$(BIN)/python -m pytest -n 2 $(ARGS)

check: export DEBUG := true
check: $(INSTALLED)  ## format, lint, types, floors, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run

bench: $(INSTALLED)  ## measure against the budgets
	@$(BIN)/python -m tests.budgets.bench $(ARGS)

screenshots: $(INSTALLED)  ## pictures of every page into var/pictures, the README's into docs/pictures
	@REQUIRE_BROWSER=1 $(BIN)/python -m pytest -q tests/screenshots.py $(ARGS)

# The first Python that is new enough and can make virtual environments; PYTHON=/path/to/python chooses another.
$(INSTALLED): requirements-dev.lock
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
		if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			found=$$python; break; \
		fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Python 3.11 or newer with its venv module is needed, and none was found (set PYTHON to its path)." >&2; \
		exit 2; \
	fi; \
	$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| "$$found" -m venv --clear .venv || exit 2; \
	echo "Installing into .venv …"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
