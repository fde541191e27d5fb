"""The commands: python -m helpers serve | simulate."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest

from helpers import lab
from helpers.__main__ import main

CASE = {
    "id": "own",
    "principal": "arn:aws:iam::123456789012:user/ann",
    "action": "s3:GetObject",
    "resource": "arn:aws:s3:::photos/ann/cat.jpg",
    "resource_account": "123456789012",
    "context": {},
    "identity": [
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "s3:GetObject",
                    "Resource": "arn:aws:s3:::photos/${aws:username}/*",
                }
            ],
        }
    ],
}


def simulate(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    file = tmp_path / "cases.json"
    file.write_text(text)
    status = main(["simulate", str(file)])
    return status, capsys.readouterr()


def test_simulate_answers_in_order_and_survives_a_bad_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = {**CASE, "id": "other", "resource": "arn:aws:s3:::photos/bob/cat.jpg"}
    cases = [others, {"id": "bad", "principal": 7}, CASE, "not a case"]
    status, said = simulate(tmp_path, json.dumps(cases), capsys)
    answers = json.loads(said.out)
    assert status == 0
    assert [a.get("result") for a in answers] == ["implicitDeny", None, "allow", None]
    assert answers[1]["id"] == "bad"
    assert all(a["error"] for a in (answers[1], answers[3]))
    assert all(a["reason"] for a in (answers[0], answers[2]))


@pytest.mark.parametrize("text", ["", "{", "{}", "7", "\ufffe"])
def test_simulate_says_what_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    status, said = simulate(tmp_path, text, capsys)
    assert (status, said.out) == (1, "")
    assert said.err.startswith("cannot read the cases: ")


def test_simulate_says_when_there_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "/no/such/file"]) == 1
    assert "cannot read the cases" in capsys.readouterr().err


def test_simulate_reads_standard_input() -> None:
    command = [sys.executable, "-m", "helpers", "simulate", "-"]
    root = Path(__file__).parent.parent
    done = subprocess.run(
        command, input=json.dumps([CASE]), capture_output=True, text=True, cwd=root, check=True
    )
    assert json.loads(done.stdout)[0]["result"] == "allow"


@pytest.mark.parametrize("port", ["taken", "99999", "-1"])
def test_serve_says_when_it_cannot_listen(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = str(other.getsockname()[1]) if port == "taken" else port
        assert main(["serve", f"--port={number}"]) == 1
    assert f"cannot listen on port {number}" in capsys.readouterr().err


def test_an_unknown_command_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["dance"])
    assert "invalid choice: 'dance'" in capsys.readouterr().err


def test_the_administrators_key_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_ADMIN_ACCESS_KEY_ID", "chosen")
    monkeypatch.setenv("LAB_ADMIN_SECRET_ACCESS_KEY", "a better secret")
    lab.start()
    try:
        assert boto3.client("sts").get_caller_identity()["Arn"].endswith(":root")
        old = boto3.client("sts", aws_access_key_id="test", aws_secret_access_key="test")
        with pytest.raises(Exception, match="InvalidClientTokenId"):
            old.get_caller_identity()
    finally:
        lab.stop()
