"""pyproject.toml, requirements.lock and environment.yml name the same set, and it is complete."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.]+)(?: ; (?P<marker>.+))?")

Pins = dict[str, list[tuple[str, Marker | None]]]


@pytest.fixture(scope="module")
def declared(pyproject: dict[str, Any]) -> list[Requirement]:
    """What pyproject.toml asks for: what the helpers import, and what the tests add."""
    lines = pyproject["project"]["dependencies"] + pyproject["dependency-groups"]["test"]
    return [Requirement(line) for line in lines]


@pytest.fixture(scope="module")
def pins(root: Path) -> Pins:
    """For each package in requirements.lock, its versions and when each of them holds."""
    found: Pins = {}
    for line in (root / "requirements.lock").read_text("utf-8").splitlines():
        if line.lstrip().startswith("#"):
            continue
        pin = PIN.fullmatch(line)
        assert pin, f"not a pin of one exact version: {line}"
        marker = Marker(pin["marker"]) if pin["marker"] else None
        found.setdefault(canonicalize_name(pin["name"]), []).append((pin["version"], marker))
    return found


@pytest.fixture(scope="module")
def pinned_here(pins: Pins) -> dict[str, str]:
    """The pins that hold for this Python on this platform."""
    return {
        name: version
        for name, versions in pins.items()
        for version, marker in versions
        if marker is None or marker.evaluate()
    }


def test_the_lock_says_how_it_is_made_and_names_no_site(root: Path) -> None:
    text = (root / "requirements.lock").read_text("utf-8")
    assert "make lock" in text.splitlines()[1]
    assert "://" not in text


def test_every_declared_package_is_locked_within_its_range(
    declared: list[Requirement], pins: Pins
) -> None:
    for requirement in declared:
        versions = pins.get(canonicalize_name(requirement.name), [])
        assert versions, f"{requirement} is not in requirements.lock: make lock"
        for version, _ in versions:
            assert version in requirement.specifier, f"{requirement}, but {version} is locked"


def test_the_locked_set_is_what_is_installed(pinned_here: dict[str, str]) -> None:
    installed = {name: importlib.metadata.version(name) for name in pinned_here}
    assert installed == pinned_here


def test_the_lock_holds_all_that_is_needed_and_nothing_else(
    declared: list[Requirement], pinned_here: dict[str, str]
) -> None:
    assert needed_by(declared) == set(pinned_here)


def test_environment_yml_has_only_what_conda_and_binder_understand(root: Path) -> None:
    environment = read_environment(root)
    assert set(environment) == {"name", "channels", "dependencies"}
    assert environment["channels"] == ["conda-forge"]
    *conda, last = environment["dependencies"]
    assert all(isinstance(line, str) for line in conda)
    assert set(last) == {"pip"}
    assert "pip" in conda


def test_environment_yml_has_a_python_that_the_project_allows(
    root: Path, pyproject: dict[str, Any]
) -> None:
    (python,) = (
        line.removeprefix("python=")
        for line in read_environment(root)["dependencies"]
        if str(line).startswith("python=")
    )
    assert python in SpecifierSet(pyproject["project"]["requires-python"])


def test_environment_yml_installs_the_locked_set_and_the_helpers(root: Path) -> None:
    assert read_environment(root)["dependencies"][-1]["pip"] == ["-r requirements.lock", "-e ."]


def test_what_the_helpers_and_notebooks_import_is_declared(
    root: Path, pyproject: dict[str, Any], tracked: list[Path]
) -> None:
    allowed = names(pyproject["project"]["dependencies"])
    files = [p for p in tracked if p.relative_to(root).parts[0] in {"helpers", "notebooks", "labs"}]
    assert undeclared(files, allowed) == []


def test_what_the_tests_import_is_declared(
    root: Path, declared: list[Requirement], tracked: list[Path]
) -> None:
    # The benchmarks measure whatever peers happen to be installed.
    peers = root / "tests" / "bench"
    files = [p for p in tracked if root / "tests" in p.parents and peers not in p.parents]
    assert undeclared(files, {canonicalize_name(r.name) for r in declared}) == []


def read_environment(root: Path) -> dict[str, Any]:
    environment = yaml.safe_load((root / "environment.yml").read_text("utf-8"))
    assert isinstance(environment, dict)
    return environment


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def needed_by(requirements: list[Requirement]) -> set[str]:
    """These packages and all that they need in turn, as their own metadata say."""
    seen: set[tuple[str, str]] = set()
    todo = [(canonicalize_name(r.name), extra) for r in requirements for extra in {"", *r.extras}]
    while todo:
        name, extra = todo.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for line in importlib.metadata.requires(name) or []:
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                todo += [(canonicalize_name(need.name), also) for also in {"", *need.extras}]
    return {name for name, _ in seen}


def undeclared(files: list[Path], allowed: set[str]) -> list[str]:
    """Imports of packages that are not allowed, as `file: module`."""
    distributions = importlib.metadata.packages_distributions()
    known = sys.stdlib_module_names | {"helpers", "tests"}
    return [
        f"{path.name}: {module}"
        for path in files
        for module in sorted(imported(path) - known)
        if not allowed & {canonicalize_name(name) for name in distributions.get(module, [])}
    ]


def imported(path: Path) -> set[str]:
    """The top-level modules that a Python file or a notebook imports from elsewhere."""
    return {
        module.partition(".")[0]
        for code in code_of(path)
        for node in ast.walk(ast.parse(code))
        for module in modules_of(node)
    }


def code_of(path: Path) -> Iterator[str]:
    if path.suffix == ".py":
        yield path.read_text("utf-8")
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        for cell in (cell for cell in cells if cell.cell_type == "code"):
            # A magic or a shell line is not Python.
            yield re.sub(r"(?m)^(\s*)[%!].*$", r"\1pass", cell.source)


def modules_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [node.module]
    return []
