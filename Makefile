# make reports: the main job on the demo book.   make test: everything that must hold.   Both set themselves up.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .stamps
BOOK := data/demo.duckdb
AS_OF := 2026-06-30
TRAINED := 2025-06-30
INVOICES := 60000
SEED := 20
SCALE ?= small
WORKERS ?= 2
export OMP_WAIT_POLICY := passive

# A report that finds a limit broken has done its work: exit codes 0, 10 and 20 are its verdict, not a failure.
report = $(BIN)/riskmodels report run $(1) --book $(BOOK) --as-of $(AS_OF) $(2) || \
  case $$? in 10|20) ;; *) exit 1 ;; esac

.PHONY: reports report-rating report-overdue report-review report-quality report-features test lint lab bench certify lock dictionary catalogue messages clean

reports: $(STAMPS)/run $(BOOK)
	@$(MAKE) --no-print-directory -j2 report-rating report-overdue report-review report-quality report-features
	@echo "Reports: $(CURDIR)/reports/index.html"

report-rating report-overdue: report-%:
	$(BIN)/riskmodels train $* $(BOOK) --as-of $(TRAINED)
	$(call report,model_validation,--model $*)

report-review:
	$(call report,portfolio_review,)

report-quality:
	$(call report,data_quality,)

report-features:
	$(call report,feature_review,)

$(BOOK): | $(STAMPS)/run
	$(BIN)/riskmodels demo --out $(BOOK) --invoices $(INVOICES) --seed $(SEED)

test: $(STAMPS)/test lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

lint: $(STAMPS)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lab: $(STAMPS)/run
	$(BIN)/jupyter lab --notebook-dir=notebooks

bench: $(STAMPS)/test
	for file in benchmarks/[!_]*.py; do $(BIN)/python $$file --scale $(SCALE) || exit 1; done

certify: $(STAMPS)/test
	$(BIN)/python -m tests.certify

lock: $(VENV)/uv
	$(VENV)/uv-env/bin/uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 --universal --upgrade -o requirements.lock -q
	$(VENV)/uv-env/bin/uv pip compile pyproject.toml --extra test --extra bench --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header --python-version 3.11 --universal -c requirements.lock -o requirements-test.lock -q

dictionary: $(STAMPS)/run
	$(BIN)/python -m riskmodels.book.dictionary > docs/data-dictionary.md

catalogue: $(STAMPS)/run
	$(BIN)/python -m riskmodels.features.document > docs/features.md

messages: $(STAMPS)/test
	$(BIN)/python -m tests.messages

# The locked packages first, each held against its hash, then this package without looking for anything more.
$(STAMPS)/run: requirements.lock pyproject.toml | $(VENV)/uv
	$(VENV)/uv-env/bin/uv pip install -q --require-hashes -p $(BIN)/python -r requirements.lock
	$(VENV)/uv-env/bin/uv pip install -q --no-deps -p $(BIN)/python -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/test: requirements-test.lock $(STAMPS)/run
	$(VENV)/uv-env/bin/uv pip install -q --require-hashes -p $(BIN)/python -r requirements-test.lock
	@mkdir -p $(STAMPS) && touch $@

$(VENV)/uv:
	$(PYTHON) -m venv $(VENV)
	$(PYTHON) -m venv $(VENV)/uv-env
	$(VENV)/uv-env/bin/pip install -q uv
	@touch $@

clean:
	rm -rf $(VENV) $(STAMPS)
