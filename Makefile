# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every verb sets up what it needs under .cache (see CONTRIBUTING.md); the work is done in tests/tools.
# PYTHON only starts the tools; RAS_PYTHON=python3.12 chooses the interpreter that the lanes use where they can.

PYTHON ?= python3
run = exec $(PYTHON) -B tests/tools/run.py

.DEFAULT_GOAL := help
.PHONY: help demo bench simulate test test-full lint docs picture build setup locks clean

help: ## say what the verbs do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## watch playbooks sign a simulated fleet in with one account, and roll it out
	@$(run) demo

bench: ## measure scans and rollouts of simulated farms and write docs/performance.md (ONLY=rollout SIZES=12 SCALE=0.1: a quick look)
	@$(run) bench

simulate: ## play random histories and judge them (SEEDS=1-300, MINUTES=60, LEVEL=process or wire, HISTORY=file, TORTURE=rollout)
	@$(run) simulate

test: ## everything that CI runs (ONLY="unit main,sanity" runs some steps only)
	@$(run) test

test-full: ## the same with the whole matrices and the mutants
	@RAS_FULL=1 $(run) test

lint: ## linters, types, documentation and ansible-test sanity
	@$(run) lint

docs: ## check the documentation and render the plugins' pages into .cache/docs
	@$(run) docs

picture: ## take the picture of the HTML report anew (docs/images)
	@$(run) picture

build: ## build the collection into .cache/build
	@$(run) build

setup: ## only set the lanes up, and write .cache/activate-main and .cache/activate-floor
	@$(run) setup

locks: ## regenerate the lock files with the newest versions that fit
	@$(run) locks

clean: ## remove everything that the verbs made
	@$(run) clean
