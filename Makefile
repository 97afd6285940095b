# film and test make their own environment in .venv/; built bodies are kept in the user's cache (see README).
PYTHON ?= python3
BIN := .venv/bin
PROMPT ?= A stylish woman in a black leather jacket, a long red dress, black boots and sunglasses walks confidently down a Tokyo street at night, glowing with warm neon and animated signs; she carries a black purse and wears red lipstick. The wet street mirrors the lights. Many pedestrians walk about.
SECONDS ?= 60

.PHONY: film test check bench train-test gallery schema wheel clean

film: .venv/film
	$(BIN)/kinema make "$(PROMPT)" --seconds $(SECONDS) --out films/tokyo.mp4

test: .venv/dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/dev
	$(BIN)/ruff check src tests recipes benchmarks
	$(BIN)/ruff format --check src tests recipes benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/film
	$(BIN)/python benchmarks/film.py

gallery: .venv/film
	$(BIN)/python recipes/gallery.py docs/gallery

schema: .venv/film
	$(BIN)/python recipes/schema.py docs/schema/storyboard.json

# builds the wheel and checks that nothing is missing from it
wheel: .venv/film
	rm -rf build
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build/wheel .
	$(BIN)/python .ci/check_wheel.py build/wheel/kinema-*.whl

# the train extra's tests, in an environment of their own (torch is large)
train-test: .venv-train/train
	.venv-train/bin/python -m pytest tests/training

.venv/film: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

.venv/dev: .venv/film requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

.venv-train/train: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/pip install --quiet --disable-pip-version-check torch==2.13.0
	.venv-train/bin/pip install --quiet --disable-pip-version-check -e ".[train]" "pytest>=9,<10"
	touch $@

clean:
	rm -rf .venv .venv-train films build
