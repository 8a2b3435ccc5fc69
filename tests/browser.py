"""A page in headless Chromium, asked through its pipe (DevTools protocol); tests are skipped where there is none."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")

_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--mute-audio"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)
_PIPES = """
import fcntl, os, sys
far = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 20) for number in sys.argv[1:3]]
os.dup2(far[0], 3), os.dup2(far[1], 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
"""The browser reads from 3 and writes to 4, whatever numbers the pipes have here."""

_SECONDS = 240.0

KEYS = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35, "Escape": 27, " ": 32}
KEYS |= {"Tab": 9, "Enter": 13}


class Chromium:
    """A browser without a window; a context manager that ends it.

    Parameters
    ----------
    folder : pathlib.Path
        For its profile.
    """

    def __init__(self, folder: Path) -> None:
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        arguments = [str(CHROMIUM), *_QUIET, "--remote-debugging-pipe", f"--user-data-dir={folder}", "about:blank"]
        command = [sys.executable, "-S", "-c", _PIPES, str(theirs_in), str(theirs_out), *arguments]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, pass_fds=(theirs_in, theirs_out), start_new_session=True, **quiet)
        os.close(theirs_in)
        os.close(theirs_out)
        self._in, self._out = ours_in, ours_out
        self._number, self._rest = 0, b""
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._in)
        os.close(self._out)
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def ask(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; events that come before it are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._write(message | ({"sessionId": session} if session else {}))
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]
            self.events.append(answer)

    def _write(self, message: dict[str, Any]) -> None:
        left = json.dumps(message).encode() + b"\0"
        while left:
            left = left[os.write(self._out, left) :]

    def _read(self) -> dict[str, Any]:
        end = time.monotonic() + _SECONDS
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"the browser said nothing for {_SECONDS} s"
            read = os.read(self._in, 2**16)
            assert read, "the browser ended"
            self._rest += read
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def open(self, path: Path, ready: str, width: int = 1280, height: int = 900) -> Page:
        """Open a file in a window of this size, and wait until an expression is true."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.ask(f"{domain}.enable")
        page.resize(width, height)
        page.ask("Page.navigate", url=path.resolve().as_uri())
        page.wait(ready)
        return page


class Page:
    """A page that is open; parameters are the browser and the session in it."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser, self._session = browser, session

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command of the protocol."""
        return self._browser.ask(method, self._session, **parameters)

    def resize(self, width: int, height: int) -> None:
        """The window has this size in CSS pixels; below 600 it is a phone's."""
        phone = width < 600
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1 + phone, mobile=phone
        )

    def wait(self, expression: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + _SECONDS
        while not self.value(f"Boolean({expression})"):
            assert time.monotonic() < end, f"{expression} never became true; the console says {self.console()}"
            time.sleep(0.02)

    def value(self, expression: str) -> Any:
        """What an expression gives."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, f"{expression}: {answer['exceptionDetails']}"
        return answer["result"].get("value")

    def press(self, *names: str) -> None:
        """Press keys, one after the other."""
        for name in names:
            key = {"key": name, "windowsVirtualKeyCode": KEYS[name], "code": "Space" if name == " " else name}
            self.ask("Input.dispatchKeyEvent", type="rawKeyDown", **key)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **key)

    def click(self, selector: str) -> None:
        """Click in the middle of the first element."""
        place = self.value(
            f"(() => {{ const e = document.querySelector({selector!r}); e.scrollIntoView({{block: 'center'}});"
            " const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def console(self) -> list[str]:
        """All that was written to the console: messages, warnings, errors."""
        said = {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"}
        return [json.dumps(event["params"]) for event in self._mine() if event["method"] in said]

    def asked_for(self) -> list[str]:
        """Addresses of all that was loaded."""
        return [e["params"]["request"]["url"] for e in self._mine() if e["method"] == "Network.requestWillBeSent"]

    def _mine(self) -> list[dict[str, Any]]:
        self.value("1")
        return [event for event in self._browser.events if event.get("sessionId") == self._session]

    def picture(self, path: Path, whole: bool = False) -> None:
        """Write a PNG of the window, or of the whole page."""
        data = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def pdf(self, path: Path) -> None:
        """Print to A4."""
        size = {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": True}
        path.write_bytes(base64.b64decode(self.ask("Page.printToPDF", **size)["data"]))
