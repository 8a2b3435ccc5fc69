# `make demo` and `make test` set up everything they need in .venv; see `make help`.

# Which Python to build .venv with: a name (python3.12) or a file. Without it a .venv that is up to date is kept,
# whichever Python it has, and a new one gets Python 3.10.
PYTHON ?=
# More arguments for pytest or for the demo: make test ARGS="-k circuit -x"
ARGS ?=

# What the set-up installs with the package (extras of setup.cfg).
EXTRAS := nest,brian2,lava,benchmarks,sweep,test

BIN := .venv/bin

# A PYTHONPATH that leads to another NEST (as its nest_vars.sh sets) would win over the one in .venv.
unexport PYTHONPATH PYTHONHOME

.PHONY: help venv demo test test-all nest-mpi mutants lint format docs clean distclean

help:
	@echo 'make demo       learn handwritten digits on NEST; results in demo-results'
	@echo 'make test       run the tests but for the slow ones, two at a time (ARGS="...": more arguments for pytest)'
	@echo 'make test-all   run all tests'
	@echo 'make nest-mpi   build NEST with MPI in .venv-mpi, for one network on many processes; see docs/scaling.md'
	@echo 'make mutants    put small slips into the code: do the tests notice them?  Takes hours; see docs/testing.md'
	@echo 'make lint       check style and types                       (make format: put the style right)'
	@echo 'make docs       build the site in docs/_build, with tutorials that run'
	@echo 'make venv       only set up .venv, which all of these do by themselves'
	@echo 'make clean      remove what was built and all caches        (make distclean: environments, demo-results, .mutants too)'
	@echo
	@echo 'The set-up looks for Python 3.10 on PATH, under pyenv, uv and conda. Another one: make test PYTHON=python3.12'

# The set-up, for the extras $(2), known as $(1).
#
# .venv/.whole is there only while no installation is under way or has failed, and names the Python and the folder
# that .venv was made for: without it, or when one of them changed, .venv is made anew. .venv/.has-$(1) says what was
# installed; when setup.cfg, pyproject.toml or the list of packages changed, only the installation is repeated.
# Where there is flock, a set-up that still runs (in another terminal, or left behind by a killed make) is waited for.
# While pip works the last line of its log is shown now and then; the loop that does it ends with its parent.
define set_up
@set -eu; \
if command -v flock > /dev/null 2>&1; then \
	exec 9< Makefile; \
	flock -n 9 || { echo 'Waiting for another set-up in this folder.'; flock 9 || true; }; \
fi; \
has='.venv/.has-$(1)'; \
want="$$(cat setup.cfg pyproject.toml | cksum) $(2) $$(echo */__init__.py)"; \
python=; \
if [ -n '$(PYTHON)' ]; then python=$$(PYTHON='$(PYTHON)' sh tools/find_python.sh); fi; \
is=; \
if [ -f .venv/.whole ] && $(BIN)/python -c 'import pip' 2>/dev/null; then is=$$(cat .venv/.whole); fi; \
case $$is in \
	?*"|$(CURDIR)") [ -z "$$python" ] || [ "$$is" = "$$python|$(CURDIR)" ] || is= ;; \
	*) is= ;; \
esac; \
if [ -n "$$is" ] && [ -f "$$has" ] && [ "$$(cat "$$has")" = "$$want" ]; then exit 0; fi; \
start=$$(date +%s); \
if [ -z "$$is" ]; then \
	[ -n "$$python" ] || python=$$(PYTHON= sh tools/find_python.sh); \
	is="$$python|$(CURDIR)"; \
	rm -rf .venv; \
	echo "Setting up .venv with $$python: this is done once and takes a minute or two."; \
	"$$python" -m venv .venv; \
else \
	echo 'Bringing .venv up to date.'; \
fi; \
rm -f .venv/.whole "$$has"; \
echo 'Installing the package with $(2); the log is .venv/set-up.log, its last line now and then:'; \
( while sleep 10 > /dev/null 2>&1 && kill -0 $$$$ 2> /dev/null; do tail -n 1 .venv/set-up.log | cut -c 1-100; done ) \
	9<&- & \
shows=$$!; \
trap 'kill $$shows 2> /dev/null || true' EXIT; \
if ! $(BIN)/python -m pip install --disable-pip-version-check --no-input -e '.[$(2)]' \
		> .venv/set-up.log 2>&1 < /dev/null; then \
	tail -n 25 .venv/set-up.log >&2; \
	echo 'The set-up failed; the whole log is .venv/set-up.log. The same command tries again.' >&2; \
	exit 1; \
fi; \
$(BIN)/python -m hardware.lava.setup_pynn >> .venv/set-up.log 2>&1 < /dev/null \
	|| echo 'pyNN.lava could not be made importable; the reason is in .venv/set-up.log.' >&2; \
printf '%s\n' "$$want" > "$$has"; \
printf '%s\n' "$$is" > .venv/.whole; \
echo "Set up in $$(( $$(date +%s) - start )) s."
endef

venv:
	$(call set_up,base,$(EXTRAS))

demo: venv
	$(BIN)/pynn-backprop demo $(ARGS)

test: venv
	@echo 'Running the tests, two at a time; this takes about ten minutes.'
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

test-all: venv
	$(BIN)/python -m pytest -m "" $(ARGS)

nest-mpi:
	@PYTHON='$(PYTHON)' sh tools/build_nest_mpi.sh

mutants: venv
	$(call set_up,mutants,mutants)
	$(BIN)/python tools/mutants.py $(ARGS)

lint: venv
	$(call set_up,lint,lint)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: venv
	$(call set_up,lint,lint)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: venv
	$(call set_up,docs,docs)
	@echo 'Building the site; its tutorials run, which takes some minutes.'
	@rm -rf docs/api/generated
	$(BIN)/python -m sphinx --fail-on-warning --keep-going -b html docs docs/_build/html $(ARGS)
	@echo 'The site is docs/_build/html/index.html.'

clean:
	rm -rf build dist *.egg-info docs/_build docs/api/generated docs/gallery .pytest_cache .hypothesis .mypy_cache .ruff_cache
	find . -name '.venv*' -prune -o -type d -name __pycache__ -exec rm -rf {} +

distclean: clean
	rm -rf .venv .venv-mpi demo-results .mutants
