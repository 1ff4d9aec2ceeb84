.PHONY: help run setup dev test check bench nlu-report
.DEFAULT_GOAL := help

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## Both Python environments and the understanding model; idempotent
	@./requirements/install.sh
	@.venv/bin/huiqiao nlu train

run: setup ## Everything on http://127.0.0.1:8000 (Ctrl-C stops it)
	@.venv/bin/huiqiao up

dev: 
	@./requirements/install.sh --dev
	@.venv/bin/huiqiao nlu train

test: dev ## The whole suite: real Redis, real PostgreSQL, a real browser
	@./tests/prepare.sh
	@.venv/bin/python -m pytest

check: ## Format, lint, types, import contracts, texts, generated files: seconds
	@./requirements/install.sh --dev
	@.venv/bin/ruff format --check -q .
	@.venv/bin/ruff check -q .
	@.venv/bin/lint-imports >/dev/null || .venv/bin/lint-imports
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/python -m pytest -q tests/house -p no:randomly

bench: dev ## Benchmarks with their peers in the same run, written to bench/results.md
	@.venv/bin/python -m bench.run

nlu-report: dev ## How well people are understood, on held-out data, beside DIET: docs/understanding.md
	@.venv/bin/python -m bench.nlu_report --diet
