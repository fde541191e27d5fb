"""The doctor names what is wrong, and only that."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import doctor

PYTEST_VERSION = importlib.metadata.version("pytest")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project folder in which everything is right."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "requirements.lock").write_text(f"pytest=={PYTEST_VERSION}\n")
    return tmp_path


@pytest.fixture(autouse=True)
def helpers_are_found_in_the_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "helpers").mkdir()
    (project / "helpers" / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(project))


def found(project: Path, **environ: str) -> str:
    """What the doctor says, as one text."""
    return "\n".join(f"{p.what} | {p.mend}" for p in doctor.check(project, environ))


def test_a_python_that_is_too_old(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))
    assert "This is Python 3.10.13; the course needs 3.11 or newer." in found(project)


def test_a_missing_package(project: Path) -> None:
    (project / "requirements.lock").write_text("no-such-package==1.0\n    # via nobody\n")
    assert f"Missing from {sys.prefix}: no-such-package." in found(project)
    assert "pip install -r requirements.lock" in found(project)


def test_many_missing_packages_are_counted_not_listed(project: Path) -> None:
    lock = "".join(f"no-such-package-{n}==1.0\n" for n in range(8))
    (project / "requirements.lock").write_text(lock)
    assert "no-such-package-4 and 3 more." in found(project)


def test_a_package_of_another_version(project: Path) -> None:
    (project / "requirements.lock").write_text("pytest==0.1\n")
    assert f"pytest {PYTEST_VERSION} (should be 0.1)" in found(project)


def test_a_package_for_another_platform_is_not_missed(project: Path) -> None:
    lock = project / "requirements.lock"
    lock.write_text(lock.read_text() + "no-such-package==1.0 ; sys_platform == 'plan9'\n")
    assert found(project) == ""


def test_no_lock_at_all(project: Path) -> None:
    (project / "requirements.lock").unlink()
    assert "requirements.lock is missing or empty" in found(project)


def test_the_projects_own_environment_is_made_again(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "requirements.lock").write_text("no-such-package==1.0\n")
    monkeypatch.setattr(sys, "prefix", str(project / ".venv"))
    assert "rm -rf .venv && make setup" in found(project)


def test_helpers_out_of_a_notebooks_reach(project: Path) -> None:
    (project / "helpers" / "__init__.py").unlink()
    (project / "helpers").rmdir()
    assert "import `helpers`" in found(project)


def test_helpers_of_another_project(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(project / "helpers", other / "helpers")
    monkeypatch.setenv("PYTHONPATH", str(other))
    assert f"would import `helpers` from {other / 'helpers'}" in found(project)


def test_a_kernel_of_another_python(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": [str(tmp_path / "bin" / "python"), "-m", "x"], "display_name": "Python 3"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    assert f"starts another Python: {tmp_path / 'bin' / 'python'}" in found(project)


def test_a_kernel_description_that_cannot_be_read(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text("{")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    assert "Jupyter has no kernel named python3" in found(project)


def test_no_notebooks(project: Path) -> None:
    (project / "notebooks").rmdir()
    assert "The folder notebooks is missing." in found(project)


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write anywhere")
def test_notebooks_that_cannot_be_saved(project: Path) -> None:
    (project / "notebooks").chmod(0o500)
    assert "cannot be written" in found(project)


@pytest.mark.parametrize(
    "variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"]
)
def test_a_variable_that_would_surprise(project: Path, variable: str) -> None:
    assert f"{variable} is set" in found(project, **{variable: "something"})
    assert f"unset {variable}" in found(project, **{variable: "something"})
    assert found(project, **{variable: ""}) == ""


def test_ordinary_variables_do_not_surprise(project: Path) -> None:
    assert found(project, AWS_REGION="eu-west-1", AWS_CA_BUNDLE="bundle.pem", HOME="here") == ""


def test_a_proxy_between_us_and_ourselves(project: Path) -> None:
    proxy = "http://proxy.example.com:3128"
    assert "calls to a cloud on 127.0.0.1 would go to it too" in found(project, HTTP_PROXY=proxy)
    assert found(project, http_proxy=proxy, no_proxy="localhost,127.0.0.1") == ""


def test_nothing_wrong(project: Path) -> None:
    assert doctor.check(project, {}) == []


def test_the_program_says_so_and_its_exit_code_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "check", lambda: [])
    assert doctor.main() == 0
    assert "All is well" in capsys.readouterr().out
    monkeypatch.setattr(doctor, "check", lambda: [doctor.Problem("It hurts.", "rest")])
    assert doctor.main() == 1
    assert "- It hurts.\n  To mend it: rest\n" in capsys.readouterr().out


def test_the_doctor_comes_even_when_nothing_is_installed(tmp_path: Path) -> None:
    # -S leaves site-packages out: a Python with nothing but its standard library.
    program = str(Path(doctor.__file__))
    told = subprocess.run(
        [sys.executable, "-S", program], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert told.returncode == 1
    assert "Missing from" in told.stdout
    assert told.stderr == ""
