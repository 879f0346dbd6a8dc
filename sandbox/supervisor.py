"""`make demo`: everything on one machine, from empty folders to a first sync, with stand-ins for Clio and Xero.

It starts the servers, the stand-ins, web, worker and beat, plays the people who set a firm up, waits for the first sync
of the real worker, and stops all of it again. It runs beside Django: what it needs of the product it asks for through
`manage.py` and the pages.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

import requests

from clioxero.embedded import EmbeddedProblem, servers
from sandbox import demo_report
from sandbox.children import Children, ChildStopped, CommandFailed
from sandbox.demo_edit import edit_a_paid_bill, edit_arrived
from sandbox.demo_plan import (
    FIRM,
    LOGINS,
    REGION,
    Demo,
    DemoProblem,
    check_ports,
    check_redis,
    earlier_firm,
    environment,
)
from sandbox.visitor import Visitor, VisitProblem

_START_SECONDS = 60.0
_LIMIT_SECONDS = 180.0
_WAITING = 3  # the exit code of sync and compare
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_WAITS = "waiting"
_ENDED = frozenset({"in_step", "errors"})
_BROKEN = frozenset({"failed", "reconnect", "export_off", "no_plan"})


def run(demo: Demo) -> int:
    """Run the demo until it is stopped, or with `once` to the end of the second sync. Return its exit code."""
    try:
        with _told_to_stop():
            check_ports(demo)
            with ExitStack() as running:
                return _run(demo, running)
    except KeyboardInterrupt:
        say("stopped")
        return 130 if demo.once else 0
    except DemoProblem as problem:
        return _fail(str(problem), problem.code)
    except CommandFailed as problem:
        return _fail(str(problem), problem.code)
    except (EmbeddedProblem, ChildStopped, VisitProblem) as problem:
        return _fail(str(problem), 1)
    except requests.RequestException as problem:
        return _fail(f"a page did not answer: {problem}", 1)


def say(line: str) -> None:
    """Print a line at once, since scripts read along."""
    print(line, flush=True)  # noqa: T201 - the lines are what the demo is for


def _fail(message: str, code: int) -> int:
    sys.stderr.write(f"demo: {message}\n")
    return code


def _run(demo: Demo, running: ExitStack) -> int:
    say("starting servers")
    demo.folder.mkdir(parents=True, exist_ok=True)
    addresses = running.enter_context(servers(demo.folder, os.environ, fresh=True))
    check_redis(addresses["REDIS_URL"])
    shutil.rmtree(demo.mail, ignore_errors=True)
    children = Children(demo.folder, environment(demo, addresses), seconds=_patience(demo))
    running.callback(_undisturbed, children.stop)
    children.start("sandbox", "manage.py", "sandbox", f"--port={demo.sandbox_port}", f"--bills={demo.bills}")
    children.manage("migrate", "--verbosity=0")
    earlier = earlier_firm(addresses["DATABASE_URL"])
    web = ["gunicorn", "clioxero.wsgi", "--preload", "--no-control-socket", f"--bind=127.0.0.1:{demo.port}"]
    children.start("web", "-m", *web, "--worker-class=gthread", "--workers=1", "--threads=4")
    children.start("worker", "-m", "celery", "-A", "clioxero", "worker", "--loglevel=INFO", "--concurrency=2")
    children.start("beat", "-m", "celery", "-A", "clioxero", "beat", "--loglevel=INFO")
    for address in (demo.clio_url, demo.xero_url, f"{demo.web_url}/readyz"):
        _wait_for(address, demo, children)
    slug = _set_up(demo, children, earlier)
    clean = _first_and_second_sync(demo, children, slug)
    _print_addresses(demo)
    if demo.once:
        return 0 if clean else 1
    say("ready")
    while True:
        children.check()
        time.sleep(0.5)


def _set_up(demo: Demo, children: Children, earlier: str | None) -> str:
    """Make the firm and its people, connect both services, save the settings. Return the firm's slug.

    In a database that was given, an earlier demo may have left its firm. What that one linked stood in stand-ins that
    are gone, so it is forgotten first, as an admin would.
    """
    say("setting up the firm")
    email, password = LOGINS["admin"]
    slug = earlier or children.manage(
        "createfirm", FIRM, "--admin", email, "--password", password, "--plan", "boutique", "--region", REGION
    )
    for role in () if earlier else ("staff", "viewer"):
        email, password = LOGINS[role]
        children.manage("addmember", slug, "--email", email, "--password", password, "--role", role)
    visitor = _admin(demo)
    if earlier:
        visitor.forget_links(FIRM)
    visitor.connect_clio(REGION)
    visitor.connect_xero()
    visitor.save_settings()
    if earlier:
        visitor.sync_now()  # its settings are what they were, so saving them wakes nobody
    return slug


def _first_and_second_sync(demo: Demo, children: Children, slug: str) -> bool:
    """Wait for the worker's first sync, run a second one, edit a paid bill, compare.

    Return whether all of it is as it should be.
    """
    say("waiting for the first sync")
    started = time.monotonic()
    _wait_for_first_sync(demo, children, _admin(demo))
    say(demo_report.first_sync(demo.clio_url, demo.xero_url, seconds=time.monotonic() - started))
    found = [demo_report.second_sync(_patiently(children, "sync", slug, "--json"))]
    say(found[0].text)
    edit = edit_a_paid_bill(demo.clio_url, demo.xero_url)
    _patiently(children, "sync", slug, "--json")
    found.append(edit_arrived(edit, demo.xero_url))
    found.append(demo_report.tie_out(_patiently(children, "compare", slug, "--json")))
    for finding in found[1:]:
        say(finding.text)
    return all(finding.clean for finding in found)


def _patiently(children: Children, *arguments: str) -> str:
    """Run a command that may have to wait: for a limit that the first sync used up, or for the worker's own run.

    Errors and differences (exit code 1) are for the report; what could not run at all is raised.
    """
    end = time.monotonic() + _LIMIT_SECONDS
    while True:
        try:
            return children.manage(*arguments, accept=(0, 1))
        except CommandFailed as problem:
            if problem.code != _WAITING or time.monotonic() > end:
                raise
            children.check()
            time.sleep(2)


def _patience(demo: Demo) -> float:
    """Seconds that one sync or one command may take."""
    return max(600.0, demo.bills / 5)


def _wait_for_first_sync(demo: Demo, children: Children, visitor: Visitor) -> None:
    """Wait until the worker's first sync is over. Raises DemoProblem if it stops, or waits for what does not come."""
    begun_at = told_at = time.monotonic()
    told = ""
    while time.monotonic() - begun_at < _patience(demo):
        children.check()
        # Asked before the stage: a firm of an earlier demo looks finished until the first run of this one begins.
        begun = demo_report.bills_were_read(demo.clio_url)
        stage, sentence = visitor.stage()
        if begun and stage in _ENDED:
            return
        if stage in _BROKEN:
            raise DemoProblem(f"the first sync stopped: {sentence} (see {demo.folder}/worker.log)")
        if stage not in _ENDED and sentence != told:
            told, told_at = sentence, time.monotonic()
            say(f"  {sentence}")
        if stage == _WAITS and time.monotonic() - told_at > _LIMIT_SECONDS:
            # A limit of a minute moves on; one of a day does not. A Redis that was given may remember one.
            raise DemoProblem(f"the first sync waits and does not go on: {sentence} (see {demo.folder}/worker.log)")
        time.sleep(0.5)
    raise DemoProblem(f"the first sync did not end within {_patience(demo):.0f} s; see {demo.folder}/worker.log")


def _admin(demo: Demo) -> Visitor:
    visitor = Visitor(demo.web_url)
    email, password = LOGINS["admin"]
    if not visitor.log_in(email, password):
        raise DemoProblem(f"{email} could not log in at {demo.web_url}")
    return visitor


def _print_addresses(demo: Demo) -> None:
    say(f"web {demo.web_url}")
    say(f"clio {demo.clio_url}")
    say(f"xero {demo.xero_url}")
    say(f"mail {demo.mail}")
    for role, (email, password) in LOGINS.items():
        say(f"login {role} {email} {password}")


def _wait_for(address: str, demo: Demo, children: Children) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        children.check()
        try:
            if requests.get(address, timeout=5).status_code == 200:
                return
        except (requests.ConnectionError, requests.Timeout):
            pass  # not up yet, or a slow machine
        time.sleep(0.1)
    raise DemoProblem(f"{address} does not answer; see the logs in {demo.folder}")


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """Take SIGTERM, and a closed terminal, as Ctrl-C; and that too where a shell in the background has it ignored."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _undisturbed(stop: Callable[[], None]) -> None:
    """Stop what runs, whatever more signals come: a second Ctrl-C must not leave half of it running."""
    for number in _STOPPING:
        signal.signal(number, signal.SIG_IGN)
    stop()
