"""The measure of throughput: a script that reads, parses and stores the same rows and sends the same bytes.

It plans nothing, remembers nothing and proves nothing. It asks the stand-ins' recorded answers over real HTTP again.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse

import psycopg
import requests

from sandbox.serving import start
from tests.support.recorder import Answered

_ROOT = Path(__file__).resolve().parents[2]


def cost_of_the_plain_script(*, database: str, calls: Sequence[Answered]) -> float:
    """CPU seconds of the script over these calls, without starting up."""
    served = start(_replay(calls))
    try:
        with tempfile.TemporaryDirectory() as folder:
            for place, call in enumerate(calls):
                if call.body:
                    (Path(folder) / str(place)).write_bytes(call.body)
            (Path(folder) / "calls").write_text(
                "\n".join(f"{call.method} {place}" for place, call in enumerate(calls)), encoding="utf-8"
            )
            costs = [_cpu_of([database, served.url, folder, str(number)]) for number in (len(calls), 0)]
    finally:
        served.stop()
    return costs[0] - costs[1]


def _replay(calls: Sequence[Answered]) -> Any:
    def app(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        answer = calls[int(environ["PATH_INFO"].removeprefix("/"))].answer
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
        return [answer]

    return app


def _cpu_of(arguments: list[str]) -> float:
    child = subprocess.Popen([sys.executable, "-m", "tests.budgets.plain_script", *arguments], cwd=_ROOT)
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, "the plain script failed"
    return usage.ru_utime + usage.ru_stime


def main(database: str, url: str, folder: str, number: str) -> None:
    """Make so many of the calls, and keep each row that is answered."""
    calls = (Path(folder) / "calls").read_text(encoding="utf-8").splitlines()[: int(number)]
    with psycopg.connect(database, autocommit=True) as connection, requests.Session() as session:
        connection.execute("CREATE TEMPORARY TABLE plain (id text, row jsonb)")
        for call in calls:
            method, place = call.split()
            file = Path(folder) / place
            body = file.read_bytes() if file.exists() else None
            answer = session.request(method, f"{url}/{place}", data=body).json()
            rows = next((value for value in answer.values() if isinstance(value, list)), [answer])
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO plain VALUES (%s, %s)", [(str(row.get("id", "")), json.dumps(row)) for row in rows]
                )


if __name__ == "__main__":
    main(*sys.argv[1:])
