"""What holds for every test."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from collected import spare_the_collector


def pytest_configure() -> None:
    """Let signals that tests send arrive: `nohup make test` and `make test &` ignore them, and children inherit it."""
    for number, default in ((signal.SIGHUP, signal.SIG_DFL), (signal.SIGINT, signal.default_int_handler)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, default)


def pytest_collection_finish() -> None:
    """Keep the tests themselves out of what the collector goes through."""
    spare_the_collector()


SELDOM = Path(__file__).parent / "seldom.txt"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what `seldom.txt` names; a name that no test has any more is an error."""
    seldom = {line for line in SELDOM.read_text().splitlines() if not line.startswith("#")}
    for item in items:
        if item.nodeid in seldom:
            item.add_marker(pytest.mark.slow)
    whole_files = {item.nodeid.partition("::")[0] for item in items if "::" not in "".join(item.config.args)}
    gone = {name for name in seldom if name.partition("::")[0] in whole_files} - {item.nodeid for item in items}
    if gone:
        raise pytest.UsageError(f"{SELDOM.name} names tests that are not there: {', '.join(sorted(gone))}")
