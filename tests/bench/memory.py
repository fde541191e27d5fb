"""Resident memory of a kernel that has run notebook 10, against one that imported its tools."""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
from collections.abc import Iterator

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tests.bench.contest import ROOT, environment
from tests.bench.table import Row, Skipped

AT_MOST = 1.25
ROUNDS = 3

# Every boto3 session reads the models of its services anew, so it matters which clients share one.
# A session is known by its credentials: in a lesson all sessions share one reader of models.
CENSUS = """
import gc, json
from botocore.client import BaseClient
sessions = {}
for client in (thing for thing in gc.get_objects() if isinstance(thing, BaseClient)):
    owner = id(client._request_signer._credentials)
    sessions.setdefault(owner, []).append(client.meta.service_model.service_name)
print(json.dumps(sorted(map(sorted, sessions.values()))))
"""
TOOLS = """
import boto3, moto
import matplotlib.pyplot as plt
moto.mock_aws().start()
sessions = [boto3.Session() for _ in CLIENTS]
clients = [s.client(name) for s, names in zip(sessions, CLIENTS) for name in names]
"""


def rows() -> Iterator[Row]:
    """Megabytes, the median of three kernels each, in turns."""
    found = sorted((ROOT / "notebooks").glob("10_*.ipynb"))
    if not found:
        raise Skipped("there is no notebook 10")
    lesson = nbformat.read(found[0], as_version=4)
    code = [cell.source for cell in lesson.cells if cell.cell_type == "code"]
    megabytes(code)  # so that all modules are compiled
    pairs = []
    for _ in range(ROUNDS):
        ours, alive = megabytes(code)
        peer, _ = megabytes([f"CLIENTS = {alive}", TOOLS])
        pairs.append((ours, peer))
    ratio = statistics.median(ours / peer for ours, peer in pairs)
    ours, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
    count = sum(len(names) for names in alive)
    yield Row(
        measure=f"Resident memory after {found[0].stem}",
        ours=f"{ours:.0f} MB",
        peer=f"{peer:.0f} MB boto3, moto, pyplot, the same {count} clients",
        ratio=ratio,
        goal=f"≤ {AT_MOST:.2f}",
        met=ratio <= AT_MOST,
    )


def megabytes(cells: list[str]) -> tuple[float, list[list[str]]]:
    """Resident memory of a fresh kernel after these cells, and its clients, session by session."""
    try:
        return asyncio.run(run(cells))
    except CellExecutionError as failure:
        raise RuntimeError(f"a cell failed: {failure.ename}: {failure.evalue}") from failure


async def run(cells: list[str]) -> tuple[float, list[list[str]]]:
    code = [nbformat.v4.new_code_cell(source) for source in [*cells, CENSUS]]
    client = NotebookClient(nbformat.v4.new_notebook(cells=code), timeout=120)
    variables = environment(PYTHONPATH=str(ROOT))
    folder = str(ROOT / "notebooks")
    async with client.async_setup_kernel(env=variables, cwd=folder, stderr=subprocess.DEVNULL):
        for number, cell in enumerate(code[:-1]):
            await client.async_execute_cell(cell, number)
        used = psutil.Process(client.km.provisioner.pid).memory_info().rss / 1e6
        census = await client.async_execute_cell(code[-1], len(cells))
    return used, json.loads(census.outputs[0].text)
