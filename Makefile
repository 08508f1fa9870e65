# The only verbs anyone needs; `make` alone prints them.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-pg15 check fmt demo shell migration openapi docs bench verify
SHELL := /bin/sh
BIN := .venv/bin
ARGS ?=
# As many processes as there are cores, four at most; a file stays together, so that what it sets up is set up once.
PARALLEL ?= -n auto --maxprocesses 4 --dist loadfile

help:  ## print this list
	@sed -n 's/^\([a-z0-9-]*\):.*  ## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup:  ## set up what is missing: tools, locked packages, translations
	@./tools/setup

run: setup  ## start Dekon on http://localhost:8000 (PORT=), with the demo year the first time
	@exec $(BIN)/dekon run

test: setup  ## run the whole suite on a database of its own (ARGS= goes to pytest)
	@exec $(BIN)/pytest $(PARALLEL) $(ARGS)

test-pg15: setup  ## the same without browser on PostgreSQL 15 of the system
	@exec $(BIN)/python tools/with_postgres15.py $(BIN)/pytest $(PARALLEL) -m "not e2e" $(ARGS)

check: setup  ## style, types, import graph, templates: what CI checks
	@exec ./tools/check

fmt: setup  ## format and mend what can be mended
	@$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format --quiet .

demo: setup  ## load the demo year (ARGS="--scale 100" for load tests)
	@exec $(BIN)/dekon demo $(ARGS)

shell: setup  ## a Python prompt with the models loaded
	@exec $(BIN)/python manage.py shell

migration: setup  ## write migrations for changed models
	@exec $(BIN)/python manage.py makemigrations $(ARGS)

openapi: setup  ## write the snapshot of the API's document
	@exec $(BIN)/python manage.py openapi

docs: setup  ## write the generated pages of docs/
	@exec $(BIN)/python manage.py docs

bench: setup  ## measure against the baselines
	@exec $(BIN)/python -m dekon.ops.bench $(ARGS)

verify: setup  ## recompute the book from its entries
	@exec $(BIN)/dekon verify ledger
