"""Executes parts of the binary that sPyNNaker loads onto a core, in the Unicorn emulator of the processor.

Addresses are those of ``IF_curr_delta.aplx`` of sPyNNaker 1!7.4.1, found by disassembling it: the block that a core
loads at address 0 begins 64 bytes into the file.  What the code finds in registers and memory is laid out here as its
instructions ask for it; nothing of it is computed by us.
"""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import numpy as np

SHA256 = "9e991ac64c9eebc2f34a53e93ff667bad9b3ef112a16d4d91ac1605fd660dbcd"
"""Of the file whose addresses these are."""

HEAD = 0x40
UPDATE, SILENT, FIRES = 0x247C, 0x24A4, 0x2598
"""Where the update of a neuron begins, and where it has ended without a spike and with one."""
ADD, ADDED = 0xCBC, 0xD48
"""Where the loop over a row of synapses begins, with what it reads first, and where it ends."""

CODE, DATA, SIZE = 0x0, 0x100000, 0x40000
NEURON, STACK, GLOBALS, THRESHOLD = DATA, DATA + 0x1000, DATA + 0x2000, DATA + 0x3000
POINTERS, ROW, RING = DATA + 0x4000, DATA + 0x8000, DATA + 0x10000

STATE = ("v", "rest", "resistance", "decay", "current", "pause", "reset", "refractory")
"""The words of a neuron, in the order in which they lie."""


def read_binary(path: Path) -> bytes:
    """The code, if it is that whose addresses are known."""
    content = path.read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256, f"{path} is another binary than that of sPyNNaker 1!7.4.1"
    return content[HEAD:]


class Core:
    """A core with the code."""

    def __init__(self, code: bytes) -> None:
        import unicorn
        from unicorn import arm_const

        self._registers = arm_const
        self._machine = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_ARM)
        self._machine.mem_map(CODE, 0x10000)
        self._machine.mem_map(DATA, SIZE)
        self._machine.mem_write(CODE, code)
        self._machine.ctl_exits_enabled(True)

    def _set(self, **values: int) -> None:
        for name, value in values.items():
            self._machine.reg_write(getattr(self._registers, f"UC_ARM_REG_{name.upper()}"), value & 0xFFFFFFFF)

    def _get(self, name: str) -> int:
        return int(self._machine.reg_read(getattr(self._registers, f"UC_ARM_REG_{name.upper()}")))

    def _write(self, address: int, *words: int) -> None:
        self._machine.mem_write(address, struct.pack(f"<{len(words)}I", *(word & 0xFFFFFFFF for word in words)))

    def update(
        self, state: dict[str, int], excitation: int, inhibition: int, threshold: int, scale: int
    ) -> tuple[int, int, bool]:
        """One update of a neuron: its potential, the refractory steps that are left, whether it fires."""
        self._write(NEURON, *(state[name] for name in STATE))
        self._write(THRESHOLD, threshold)
        # The frame: +8 excitation, +12 inhibition, +20 the threshold, +32 the scale, +36 where the spike is noted.
        self._write(STACK, 0, 0, excitation, inhibition, 0, THRESHOLD, 0, 0, scale, 0)
        # A spike is noted in a field of bits, by an index: both are reached by a pointer to a pointer.
        self._write(GLOBALS + 0x10, POINTERS, POINTERS + 4)
        self._write(POINTERS, POINTERS + 0x100, POINTERS + 0x200)
        self._set(fp=NEURON, sp=STACK, sl=GLOBALS, r5=0, r7=0)
        ended = self._until(UPDATE, (SILENT, FIRES))
        (v,) = struct.unpack("<i", self._machine.mem_read(NEURON, 4))
        (pause,) = struct.unpack("<i", self._machine.mem_read(NEURON + 20, 4))
        return v, pause, ended == FIRES

    def _until(self, begin: int, ends: tuple[int, ...]) -> int:
        """Run from an address to the first of some others."""
        self._machine.ctl_set_exits(list(ends))
        self._machine.emu_start(begin, 0)
        return self._get("pc")

    def add_row(self, ring: np.ndarray, words: np.ndarray, step: int, mask: int) -> tuple[np.ndarray, int]:
        """Add a row of synapses to ring buffers, uint16 (n,); returns them, and how many were full."""
        self._machine.mem_write(RING, ring.astype("<u2").tobytes())
        self._machine.mem_write(ROW, words.astype("<u4").tobytes())
        self._machine.mem_write(GLOBALS, bytes(0x100))
        # +44 the mask of delays, for late spikes; +56 that of the index; +60 the buffers; +80 counts what is full.
        self._write(GLOBALS + 0x2C, 0)
        self._write(GLOBALS + 0x38, mask, RING)
        self._set(r4=GLOBALS, r5=ROW, r6=step, r1=0, ip=len(words))
        self._until(ADD, (ADDED,))
        held = np.frombuffer(bytes(self._machine.mem_read(RING, 2 * len(ring))), "<u2")
        (full,) = struct.unpack("<I", self._machine.mem_read(GLOBALS + 0x50, 4))
        return held, full
