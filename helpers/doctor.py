"""Say in words what is missing or wrong on this machine, and how to mend it.

Uses the standard library wherever it can: a doctor who needs the missing package cannot come.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)

# A lesson puts aside every AWS variable but the first; programs beside it do not.
SURPRISING_VARIABLES: Mapping[str, str] = {
    "AWS_ENDPOINT_URL": "notebooks use the cloud at that address instead of starting their own",
    "AWS_PROFILE": "the AWS CLI and SDKs beside the notebooks use the keys of that profile",
    "AWS_DEFAULT_PROFILE": "the AWS CLI and SDKs beside the notebooks use the keys of that profile",
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (`what`), and what to type or do about it (`mend`)."""

    what: str
    mend: str


def check(root: Path = ROOT, environ: Mapping[str, str] = os.environ) -> list[Problem]:
    """Examine this Python, its packages, the project folder `root` and the variables `environ`.

    Returns every problem found, worst first; an empty list when all is well.
    """
    examinations: tuple[Callable[[], Iterator[Problem]], ...] = (
        _python_is_new_enough,
        lambda: _packages_match_the_lock(root),
        lambda: _notebooks_find_the_helpers(root),
        _kernel_starts_this_python,
        lambda: _notebooks_can_be_saved(root),
        lambda: _no_variable_surprises(environ),
        lambda: _loopback_is_not_proxied(environ),
    )
    return [problem for examine in examinations for problem in examine()]


def main() -> int:
    """Print what `check` finds; return the exit code, 1 when anything is wrong."""
    problems = check()
    for problem in problems:
        sys.stdout.write(f"- {problem.what}\n  To mend it: {problem.mend}\n")
    if problems:
        return 1
    sys.stdout.write(f"All is well: Python {_version(sys.version_info[:3])}, {sys.prefix}\n")
    return 0


def _python_is_new_enough() -> Iterator[Problem]:
    if sys.version_info < OLDEST_PYTHON:
        yield Problem(
            f"This is Python {_version(sys.version_info[:3])}; the course needs "
            f"{_version(OLDEST_PYTHON)} or newer.",
            "rm -rf .venv && make setup PYTHON=python3.12 (or another that you have)",
        )


def _packages_match_the_lock(root: Path) -> Iterator[Problem]:
    pins = list(_pins(root / "requirements.lock"))
    if not pins:
        yield Problem("requirements.lock is missing or empty.", "git checkout requirements.lock")
        return
    installed = {name: _installed_version(name) for name, _ in pins}
    missing = [name for name, _ in pins if installed[name] is None]
    other = [
        f"{name} {installed[name]} (should be {version})"
        for name, version in pins
        if installed[name] not in (None, version)
    ]
    if missing:
        yield Problem(f"Missing from {sys.prefix}: {_few(missing)}.", _reinstall(root))
    if other:
        yield Problem(f"Not the version that was tested: {_few(other)}.", _reinstall(root))


def _notebooks_find_the_helpers(root: Path) -> Iterator[Problem]:
    # Asked in a Python of its own, in the folder where a notebook's kernel starts: here, started
    # from the project's folder, the import works whether or not anything was set up.
    question = "import importlib.util as u; s = u.find_spec('helpers'); print(s and s.origin or '')"
    folder = root / "notebooks" if (root / "notebooks").is_dir() else root.parent
    answer = subprocess.run(
        [sys.executable, "-c", question], cwd=folder, capture_output=True, text=True, check=False
    ).stdout.strip()
    if not answer:
        yield Problem("A notebook could not import `helpers`.", _reinstall(root))
    elif Path(answer).resolve().parent.parent != root:
        yield Problem(
            f"A notebook would import `helpers` from {Path(answer).parent}, not from this project.",
            "look for that folder in PYTHONPATH, or set up again: " + _reinstall(root),
        )


def _kernel_starts_this_python() -> Iterator[Problem]:
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        return  # already reported as a missing package
    mend = f"{sys.executable} -m ipykernel install --sys-prefix --name python3"
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except (NoSuchKernel, json.JSONDecodeError, OSError):
        yield Problem("Jupyter has no kernel named python3, which every notebook asks for.", mend)
        return
    program = spec.argv[0] if spec.argv else ""
    # Jupyter itself puts the running Python in place of a bare name.
    if Path(program).name != program and not _same_program(program, sys.executable):
        yield Problem(f"Jupyter's kernel python3 starts another Python: {program}", mend)


def _notebooks_can_be_saved(root: Path) -> Iterator[Problem]:
    folder = root / "notebooks"
    if not folder.is_dir():
        yield Problem("The folder notebooks is missing.", "git checkout notebooks")
    elif not os.access(folder, os.W_OK):
        yield Problem(
            f"The folder {folder} cannot be written, so notebooks cannot be saved.",
            "make it yours, or clone the project into a folder that is",
        )


def _no_variable_surprises(environ: Mapping[str, str]) -> Iterator[Problem]:
    for name in sorted(name for name in environ if environ[name]):
        effect = SURPRISING_VARIABLES.get(name)
        if name.startswith("AWS_ENDPOINT_URL_"):
            effect = "the AWS CLI and SDKs call one service at another address"
        if effect:
            yield Problem(f"The environment variable {name} is set: {effect}.", f"unset {name}")


def _loopback_is_not_proxied(environ: Mapping[str, str]) -> Iterator[Problem]:
    proxies = {
        name.lower().removesuffix("_proxy"): value
        for name, value in environ.items()
        if name.lower().endswith("_proxy") and value
    }
    if "http" in proxies and not urllib.request.proxy_bypass_environment("127.0.0.1", proxies):
        yield Problem(
            "An HTTP proxy is set, and calls to a cloud on 127.0.0.1 would go to it too.",
            "export NO_PROXY=localhost,127.0.0.1",
        )


def _pins(lock: Path) -> Iterator[tuple[str, str]]:
    """Name and version of each line `name==version ; marker` that holds on this machine."""
    text = lock.read_text("utf-8") if lock.is_file() else ""
    for name, version, marker in re.findall(r"(?m)^([\w.-]+)==([^\s;]+)(?: ; (.+))?$", text):
        if not marker or _holds(marker):
            yield name, version


def _holds(marker: str) -> bool:
    try:
        from packaging.markers import Marker
    except ImportError:
        return False  # packaging is in the lock itself, unmarked, so its absence is reported
    return Marker(marker).evaluate()


def _installed_version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _reinstall(root: Path) -> str:
    """What to type; it depends on whether this Python is the one that `make` set up."""
    if Path(sys.prefix).resolve() == root / ".venv" and os.name == "posix":
        return "rm -rf .venv && make setup"
    command = f"{sys.executable} -m pip install -r requirements.lock -e ."
    return f"make setup, and start this with .venv/bin/python; or, for this Python: {command}"


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _same_program(one: str, other: str) -> bool:
    # Not resolved: a virtual environment's python is a link to the one it was made from.
    return os.path.abspath(one) == os.path.abspath(other)


def _version(numbers: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in numbers)


if __name__ == "__main__":
    sys.exit(main())
