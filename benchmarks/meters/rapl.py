"""The processor's own counters, RAPL.

Linux shows the counters of RAPL ("running average power limit", of Intel and AMD processors) as files under
``/sys/class/powercap`` (kernel documentation, power/powercap).  What they give is measured.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from pathlib import Path

from pynn_backprop.errors import InputError

from ..rows import MEASURED
from .base import MeterKind

POWERCAP = Path("/sys/class/powercap")

POLL_SECONDS = 10.0
"""Much less than a counter takes to wrap round: 65.5 kJ, the smallest usual range, last over 2 minutes at 500 W."""


@dataclass(frozen=True)
class Zone:
    """One counter.

    Parameters
    ----------
    label : str
        For example ``package-0`` or ``package-0 dram``.
    counter : Path
        The file with the energy in uJ.
    range_uj : int
        The highest value of the counter in uJ; after it comes 0.
    """

    label: str
    counter: Path
    range_uj: int

    def energy_uj(self) -> int:
        """The counter, in uJ."""
        return _number(self.counter)

    def since(self, before_uj: int, now_uj: int) -> int:
        """Energy in uJ between two readings less than one round apart."""
        return now_uj - before_uj if now_uj >= before_uj else now_uj + self.range_uj - before_uj


class RaplMeter:
    """Reads RAPL counters and follows them round when they wrap.

    Parameters
    ----------
    zones : tuple[Zone, ...]
        The counters; none may contain another.
    poll_seconds : float
        How often a thread reads them, so that no wrap-round is missed in a long run.
    """

    kind = MEASURED

    def __init__(self, zones: tuple[Zone, ...], poll_seconds: float = POLL_SECONDS) -> None:
        if not zones:
            raise InputError("zones is empty but must hold at least one counter")
        self.zones = zones
        labels = ", ".join(zone.label for zone in zones)
        self.name = f"RAPL ({labels})"
        self.covers = f"all that {labels} used meanwhile: every process of the machine, and idling"
        self._lock = threading.Lock()
        self._last = [zone.energy_uj() for zone in zones]
        self._total_uj = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._poll, args=(poll_seconds,), daemon=True, name="rapl")
        self._thread.start()

    def read(self) -> float:
        """See :meth:`Meter.read`."""
        with self._lock:
            now = [zone.energy_uj() for zone in self.zones]
            self._total_uj += sum(map(Zone.since, self.zones, self._last, now))
            self._last = now
            return self._total_uj * 1e-6

    def close(self) -> None:
        """See :meth:`Meter.close`."""
        self._stop.set()
        self._thread.join()

    def _poll(self, seconds: float) -> None:
        while not self._stop.wait(seconds):
            # What can't be read is said where somebody waits for the reading, and not by a thread that ends.
            with contextlib.suppress(OSError, ValueError):
                self.read()


def rapl_meter(root: Path = POWERCAP) -> RaplMeter | None:
    """A meter of all packages of this machine; None if they can't be read (:func:`why_no_rapl`)."""
    zones, _ = _look(root)
    return RaplMeter(zones) if zones else None


def why_no_rapl(root: Path = POWERCAP) -> str:
    """Why RAPL can't be used, in a sentence; empty if it can."""
    return _look(root)[1]


def _look(root: Path) -> tuple[tuple[Zone, ...], str]:
    """Counters of the packages and of memory beside them; if there are none, why."""
    zones, why = [], ""
    for folder in sorted(root.glob("intel-rapl:*")):
        try:
            label = _label(folder)
            if label:
                zone = Zone(label, folder / "energy_uj", _number(folder / "max_energy_range_uj"))
                zone.energy_uj()
                zones.append(zone)
        except PermissionError:
            why = f"{folder / 'energy_uj'} may not be read by this user"
        except (OSError, ValueError) as error:
            why = f"{folder} can't be read: {error}"
    if not zones and not why:
        why = f"{root} shows no RAPL counters (a virtual machine, or no Linux)"
    # Without a package that could not be read the sum would be too small, and look like a whole one.
    return ((), why) if why else (tuple(zones), "")


def _label(folder: Path) -> str:
    """``package-N``, or ``package-N dram``; empty for what is part of one of these or, as ``psys``, contains them."""
    name = _text(folder / "name")
    if name.startswith("package"):
        return name
    if name == "dram":
        package = folder.parent / folder.name.rpartition(":")[0]
        return f"{_text(package / 'name')} dram"
    return ""


def _text(path: Path) -> str:
    return path.read_text(encoding="ascii").strip()


def _number(path: Path) -> int:
    return int(_text(path))


METER = MeterKind("rapl", "the processor's own counters (Intel and AMD, Linux)", lambda watt: rapl_meter(), why_no_rapl)
