# Every command of the project. Each does the set-up that it needs; set-up takes no time when it is done.

.DEFAULT_GOAL := help
.PHONY: trace check bench fuzz soak losers sixty three wear help setup demo test matrix crash-matrix mutants lint format protos landed serve record

PYTHON_IN_VENV := .venv/bin/python
TESTS ?=
# Each worker has a Postgres, a simulated ERP and a Chromium of its own; two cores carry two.
WORKERS ?= 2
# Of `make bench`: all of them unless some are named.
BENCH ?=
# Of `make soak`: what is drawn from it is the same every time.
SEED ?= 1

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what everything else needs (root: also system packages)
	@scripts/setup.sh

demo: setup ## Submit one order end to end on an ERP simulator and show what came of it
	@$(PYTHON_IN_VENV) -m tests.demo

test: setup ## Run the tests; TESTS="tests/test_migrate.py -k edited" picks some
	@.venv/bin/pytest -n $(WORKERS) --dist worksteal -m "not matrix and not crash" $(TESTS)

matrix: setup ## Run the long tables: all pairs of answers, every fault against every operation, long orders
	@.venv/bin/pytest -n $(WORKERS) --dist worksteal -m matrix

crash-matrix: setup ## Let every operation die every death at every boundary, and count reached, impossible, green
	@.venv/bin/pytest -n $(WORKERS) --dist worksteal tests/crash

mutants: setup ## Take the guards of gate and probe out, one by one, and show that tests miss them
	@$(PYTHON_IN_VENV) -m tests.mutants

soak: setup ## Many operations under kills, stops and cuts, then a reconciliation: SEED=n SOAK_OPERATIONS=1000
	@$(PYTHON_IN_VENV) -m tests.soak --seed $(SEED)

losers: setup ## The same for check-save-clear alone, and a table of three: SEED=n SOAK_OPERATIONS=200
	@$(PYTHON_IN_VENV) -m tests.soak.compare --seed $(SEED)

sixty: setup ## Sixty agents, three operations each, ten slots: time against the ideal, logins, order, memory
	@$(PYTHON_IN_VENV) -m tests.load.sixty

three: setup ## Sixty agents on three servers, one killed every 20 s: nothing twice, nothing lost, the rate is back
	@$(PYTHON_IN_VENV) -m tests.load.three

bench: setup ## What the service costs, as ratios taken in one run: BENCH="replay start" picks some; bench.json
	@$(PYTHON_IN_VENV) -m tests.benchmarks $(BENCH)

wear: setup ## Hours of a server's wear in minutes: what grows, with slopes
	@$(PYTHON_IN_VENV) -m tests.load.wear

fuzz: setup ## Send 10,000 messages that nobody would send to every rpc: SEED=n; no INTERNAL, no effect
	@$(PYTHON_IN_VENV) -m tests.fuzz --seed $(SEED)

lint: setup ## Check style, types and contract
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@node_modules/.bin/tsc -p client/node --noEmit
	@node_modules/.bin/buf lint
	@sha256sum --check --quiet protos/landed.sha256
	@node_modules/.bin/buf breaking --against protos/landed.binpb

format: setup ## Repair what can be repaired by itself
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

protos: setup ## Generate the stubs, and the Node client's types, from the contract
	@$(PYTHON_IN_VENV) -m grpc_tools.protoc -I protos --python_out=protos --pyi_out=protos \
		--grpc_python_out=protos protos/archibald/v1/*.proto
	@$(PYTHON_IN_VENV) scripts/node_contract.py client/node

landed: setup ## After a release: no change may break today's contract from now on (docs/extending.md)
	@node_modules/.bin/buf breaking --against protos/landed.binpb
	@node_modules/.bin/buf build --exclude-source-info --output protos/landed.binpb
	@sha256sum protos/landed.binpb >protos/landed.sha256

serve: setup ## Run the server with the settings in the environment (ARCHIBALD_*)
	@$(PYTHON_IN_VENV) -m server

check: setup ## Look at all that the server needs with the settings in the environment, each fault with its remedy
	@$(PYTHON_IN_VENV) -m server --check

trace: setup ## Show one order's trace, from the caller through gate and read-back to the local commit
	@$(PYTHON_IN_VENV) -m tests.one_trace

record: setup ## Record what a real site sends, writing nothing to it: ERP_USER=… DRAFT=… (docs/recording.md)
	@$(PYTHON_IN_VENV) -m server.recorder $(ERP_USER) $(if $(DRAFT),--draft $(DRAFT)) $(RECORD)
