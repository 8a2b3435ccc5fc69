"""What holds for every test."""

from __future__ import annotations

import signal

from collected import spare_the_collector


def pytest_configure() -> None:
    """Let signals that tests send arrive: `nohup make test` and `make test &` ignore them, and children inherit it."""
    for number, default in ((signal.SIGHUP, signal.SIG_DFL), (signal.SIGINT, signal.default_int_handler)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, default)


def pytest_collection_finish() -> None:
    """Keep the tests themselves out of what the collector goes through."""
    spare_the_collector()
