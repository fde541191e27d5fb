"""The commands of the lab: python -m helpers serve | doctor | simulate."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m helpers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="the offline cloud over HTTP on 127.0.0.1")
    serve.add_argument("--port", type=int, default=4566, help="default 4566; 0 takes a free one")
    commands.add_parser("doctor", help="say what is missing or wrong in this environment")
    simulate = commands.add_parser("simulate", help="decide IAM cases: JSON in, JSON out")
    simulate.add_argument("file", help="a JSON array of cases; - reads standard input")
    chosen = parser.parse_args(arguments)
    if chosen.command == "serve":
        return _serve(chosen.port)
    if chosen.command == "simulate":
        return _simulate(chosen.file)
    from helpers import doctor

    return doctor.main()


def _serve(port: int) -> int:
    from helpers.cloud import server
    from helpers.cloud.world import World
    from helpers.providers.sites import sites

    world = World(outside=sites(None))
    try:
        listening = server.listen(server.Cloud(world, sites), port)
    except (OSError, OverflowError) as taken:
        world.stop()
        print(f"cannot listen on port {port}: {taken}", file=sys.stderr)
        return 1
    print(f"Offline cloud ready at {listening.url}", flush=True)
    try:
        listening.run()
    except KeyboardInterrupt:
        listening.close()
    return 0


def _simulate(name: str) -> int:
    from helpers.cloud.iam import simulate

    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        cases = json.loads(text)
        if not isinstance(cases, list):
            raise ValueError("the file must hold a JSON array of cases")
    except (OSError, ValueError) as unreadable:
        print(f"cannot read the cases: {unreadable}", file=sys.stderr)
        return 1
    json.dump(simulate(cases), sys.stdout, indent=2)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
