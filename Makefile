# `make lab` and `make test` are all that most people need; `make` alone lists the rest.
#
# Works with GNU make 3.81 and newer (the one that Macs have), as root in a container, and without
# a display. Needs Python 3.11 or newer with its venv module, and a package index that pip can
# reach. To choose a Python: make lab PYTHON=python3.12

PYTHON ?= python3
PY     := .venv/bin/python
ARGS   ?=

# JupyterLab refuses to start as root unless told that it is meant (a container usually is root).
ROOT   := $(if $(filter 0,$(shell id -u)),--allow-root)
# Without a display there is no browser to open; JupyterLab then prints the address instead.
SCREEN := $(if $(filter Linux,$(shell uname -s)),$(if $(DISPLAY)$(WAYLAND_DISPLAY),,--no-browser))

.PHONY: help lab setup test serve bench peers doctor outputs labs lock

help:
	@echo "make lab       open the course in JupyterLab (sets everything up the first time)"
	@echo "make test      run every test: code, notebooks, labs"
	@echo "make setup     only set up, or do it again after requirements.lock has changed"
	@echo "make serve     the offline cloud over HTTP, for a browser, the AWS CLI or any SDK"
	@echo "make doctor    say in words what is missing or wrong on this machine"
	@echo "make bench     measure, and print the table"
	@echo "make peers     install what it measures beside ours, into .peers"
	@echo "For authors:"
	@echo "make outputs   run all notebooks and save their outputs"
	@echo "make labs      make the learners' copies of the labs from the solutions"
	@echo "make lock      choose the newest allowed packages and write requirements.lock"
	@echo 'Options go into ARGS:  make lab ARGS="--no-browser --port 8899"'

# The address opens the first notebook. The PATH is for terminals and `!` cells in JupyterLab.
lab: .venv/ready
	@PATH="$(CURDIR)/.venv/bin:$$PATH" $(PY) -m jupyterlab $(ROOT) $(SCREEN) \
	    --ServerApp.root_dir="$(CURDIR)" \
	    --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb $(ARGS)

setup: .venv/ready
	@echo "Ready. Type: make lab"

# In this one run the notebooks use the cloud inside their kernel, and tests/test_attached.py runs
# them again against a cloud in another process; so an endpoint of the caller's own must not leak in.
test: .venv/ready
	@env -u AWS_ENDPOINT_URL -u AWS_PROFILE $(PY) -m pytest tests notebooks labs/solutions \
	    --nbval --nbval-current-env --nbval-cell-timeout 120 \
	    --nbval-sanitize-with tests/notebooks/nbval.cfg $(ARGS)

serve: .venv/ready
	@$(PY) -m helpers serve $(ARGS)

doctor: .venv/ready
	@$(PY) -m helpers doctor

bench: .venv/ready
	@$(PY) -m tests.bench $(ARGS)

# Other people's emulators stay out of the environment of the course.
peers: .venv/ready
	@$(PY) -m tests.bench --get-peers

outputs: .venv/ready
	@$(PY) -m helpers.authoring outputs $(ARGS)

labs: .venv/ready
	@$(PY) -m helpers.authoring labs $(ARGS)

# Universal: one file for every platform and Python. `fewest`: the same versions on all of them,
# so that saved outputs agree.
lock: .venv/ready
	@$(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install --quiet uv
	@$(PY) -m uv pip compile --quiet --upgrade pyproject.toml --group test --universal \
	    --fork-strategy fewest --custom-compile-command "make lock" --output-file requirements.lock

# Set-up proper: once, and again when the lock is newer than the mark that the last one left.
# uv installs in seconds. Where it cannot be had (no wheel for this machine) or cannot reach the
# index (it does not read pip's configuration), pip does the same, only slower.
#
# The helpers are made importable by one line in site-packages that leads from there back to this
# folder. An editable install would do it too, but needs a build tool that no lock pins, and the
# relative path goes on working when the folder is moved.
#
# The last two files turn off JupyterLab's question about news (the course asks for no other site)
# and the teacher's panels of nbgrader, which would only be in a learner's way.
.venv/ready: requirements.lock .venv/bin/python
	@echo "Installing the packages of requirements.lock into .venv (only this once) ..."
	@{ $(PY) -m pip install --quiet --disable-pip-version-check --only-binary :all: uv \
	        && $(PY) -m uv pip install --quiet --python $(PY) -r requirements.lock; } \
	    || { echo "Not with uv, so with pip, which takes some minutes ..."; \
	         $(PY) -m pip install --quiet --disable-pip-version-check -r requirements.lock; } \
	    || { echo "The packages could not be installed: the reason stands above. Is the network up?"; exit 1; }
	@echo ../../../.. > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/cognito_lab.pth"
	@mkdir -p .venv/etc/jupyter/labconfig
	@echo '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}' \
	    > .venv/etc/jupyter/labconfig/default_setting_overrides.json
	@echo '{"disabledExtensions": {"@jupyter/nbgrader": true}}' > .venv/etc/jupyter/labconfig/page_config.json
	@touch $@

.venv/bin/python:
	@command -v "$(PYTHON)" >/dev/null || { \
	    echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name yours:  make lab PYTHON=/path/to/python3"; \
	    exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "The course needs Python 3.11 or newer; $(PYTHON) is $$("$(PYTHON)" --version 2>&1)."; \
	    echo "If a newer one is installed, name it:  make lab PYTHON=python3.12"; \
	    exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
	    echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu:  sudo apt install python3-venv"; \
	    exit 1; }
	@"$(PYTHON)" -m venv --clear .venv
