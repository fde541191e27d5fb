"""Notebooks are run from a clean kernel, in their own folder, and saved the same every time."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat import v4

from helpers.authoring import normal_form, outputs
from helpers.authoring.__main__ import main


def write(path: Path, *sources: str, tags: tuple[str, ...] = ()) -> Path:
    cells = [v4.new_code_cell(source) for source in sources]
    cells[-1].metadata["tags"] = list(tags)
    normal_form.write(v4.new_notebook(cells=cells), path)
    return path


def test_an_error_stops_the_run_and_the_file_is_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "bad.ipynb", "print(1)", "{}['missing']")
    before = path.read_bytes()
    with pytest.raises(
        outputs.RunFailed, match=r"^bad\.ipynb: cell 1 .* stopped the run: KeyError: 'missing'$"
    ):
        outputs.refresh(path)
    assert path.read_bytes() == before


def test_what_is_saved_is_in_normal_form_and_stays(tmp_path: Path) -> None:
    path = write(
        tmp_path / "good.ipynb",
        "import os, helpers.authoring\nprint(os.listdir())\nprint(2)",
        "1 / 0",
        tags=("raises-exception",),
    )
    assert not outputs.is_normal(path)
    assert outputs.refresh(path)
    assert outputs.is_normal(path)
    assert not outputs.refresh(path)
    first, second = normal_form.read(path).cells
    assert first.outputs[0].text == "['good.ipynb']\n2\n"
    assert second.outputs[0].traceback == ["ZeroDivisionError: division by zero"]


def test_check_tells_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "unrun.ipynb", "print(1)")
    before = path.read_bytes()
    assert main(["outputs", "--check", str(path)]) == 1
    assert capsys.readouterr().err == "unrun.ipynb: not run in full, or not in normal form\n"
    assert path.read_bytes() == before
