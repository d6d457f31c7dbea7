# The commands of a checkout. Everything is installed into .venv/ and .trifold/, nowhere else.
PYTHON ?= python3
BIN := .venv/bin
# Two workers; what uses the local clouds is one unit of work (tests/scheduling.py), begun first since it is the longest.
WORKERS := -n 2 --no-loadscope-reorder
SEED ?= 1
# Where it is set (in many containers), each of the many processes here would compile the vendors' SDKs anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: up down setup test test-quick soak soak-hostile live live-down bench lint lock clean
up: setup            ## three local clouds, one model, three stacks, one table
	@$(BIN)/trifold quickstart

down:                ## stop the local clouds
	@$(BIN)/trifold local stop

setup:               ## the virtual environment and Azurite, if anything changed
	@$(PYTHON) scripts/setup.py

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint           ## everything but what takes long
	$(BIN)/python -m pytest $(WORKERS) -m "not soak"

test-quick: setup    ## what one runs while editing
	$(BIN)/python -m pytest $(WORKERS) -m "not soak and not e2e" -x

soak: setup          ## what takes long, then the conformance suite on hostile clouds
	$(BIN)/python -m pytest $(WORKERS) -m soak
	@$(MAKE) soak-hostile

soak-hostile: setup  ## the conformance suite on clouds that are as hard on their callers as new accounts: SEED=n
	TRIFOLD_HOSTILE=$(SEED) $(BIN)/python -m pytest $(WORKERS) tests/conformance

live: setup          ## the conformance suite on an account of yours: CLOUD=aws MAX_USD=20 [STACK=] [HOURS=] [ALLOW_UNKNOWN=1]
	@$(BIN)/python -m tests.live $(CLOUD) $(MAX_USD) $(if $(STACK),--stack $(STACK)) $(if $(HOURS),--hours $(HOURS)) \
		$(if $(ALLOW_UNKNOWN),--allow-unknown)

live-down: setup     ## take down what a killed `make live` left: CLOUD=aws [STACK=]
	@$(BIN)/python -m tests.live down $(CLOUD) $(if $(STACK),--stack $(STACK))

bench: setup
	$(BIN)/python -m benchmarks

lock: setup          ## resolve requirements/*.in anew
	@$(PYTHON) scripts/lock.py

clean: down
	rm -rf .trifold .venv
