"""Resident memory of a kernel that has run notebook 10, against one that imported its tools."""

from __future__ import annotations

import asyncio
import re
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

from tests.bench.contest import ROOT, environment
from tests.bench.table import Row, Skipped

AT_MOST = 1.25
ROUNDS = 3
CLIENT = re.compile(r"""boto3\.client\(\s*["']([\w-]+)["']""")


def rows() -> Iterator[Row]:
    """Megabytes, the median of three kernels each, in turns."""
    found = sorted((ROOT / "notebooks").glob("10_*.ipynb"))
    if not found:
        raise Skipped("there is no notebook 10")
    lesson = nbformat.read(found[0], as_version=4)
    only_tools = tools(lesson)
    pairs = [(megabytes(lesson), megabytes(only_tools)) for _ in range(ROUNDS)]
    ratio = statistics.median(ours / peer for ours, peer in pairs)
    ours, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
    yield Row(
        measure=f"Resident memory after {found[0].stem}",
        ours=f"{ours:.0f} MB",
        peer=f"{peer:.0f} MB boto3, moto, pyplot and the same clients",
        ratio=ratio,
        goal=f"≤ {AT_MOST:.2f}",
        met=ratio <= AT_MOST,
    )


def tools(lesson: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook that imports boto3, moto and pyplot and makes the clients that a lesson makes."""
    made = sorted({name for cell in lesson.cells for name in CLIENT.findall(cell.source)})
    lines = ["import boto3, moto", "import matplotlib.pyplot as plt", "moto.mock_aws().start()"]
    lines += [f"client_{number} = boto3.client({name!r})" for number, name in enumerate(made)]
    cell = nbformat.v4.new_code_cell("\n".join(lines))
    return nbformat.v4.new_notebook(cells=[cell], metadata=lesson.metadata)


def megabytes(notebook: nbformat.NotebookNode) -> float:
    """Resident memory of a fresh kernel at the end of a notebook."""
    return asyncio.run(run(notebook))


async def run(notebook: nbformat.NotebookNode) -> float:
    client = NotebookClient(notebook.copy(), timeout=120, allow_errors=True)
    variables = environment(PYTHONPATH=str(ROOT))
    folder = str(Path(ROOT) / "notebooks")
    async with client.async_setup_kernel(env=variables, cwd=folder, stderr=subprocess.DEVNULL):
        for number, cell in enumerate(client.nb.cells):
            await client.async_execute_cell(cell, number)
        return psutil.Process(client.km.provisioner.pid).memory_info().rss / 1e6
