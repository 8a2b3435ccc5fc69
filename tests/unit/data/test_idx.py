"""IDX files: read as they were written, and refused when anything about them is wrong."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import numpy as np
import pytest
from idx_files import idx_bytes

from pynn_backprop.data import idx
from pynn_backprop.errors import InputError


class TestIdx:
    @pytest.mark.parametrize("shape", [(5,), (2, 3), (2, 3, 4)])
    @pytest.mark.parametrize("compressed", [False, True])
    def test_reads_what_was_written(self, tmp_path: Path, shape: tuple[int, ...], compressed: bool) -> None:
        values = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
        data = idx_bytes(values)
        path = tmp_path / "values"
        path.write_bytes(gzip.compress(data) if compressed else data)
        result = idx.read(path, hashlib.sha256(data).hexdigest())
        assert result.dtype == np.uint8
        np.testing.assert_array_equal(result, values)

    def test_the_content_tells_that_it_is_compressed_not_the_name(self, tmp_path: Path) -> None:
        path = tmp_path / "values.gz"
        path.write_bytes(idx_bytes(np.array([1, 2], dtype=np.uint8)))
        assert idx.read(path).tolist() == [1, 2]

    def test_wrong_magic(self, tmp_path: Path) -> None:
        path = tmp_path / "values"
        path.write_bytes(b"\x00\x00\x0d\x01\x00\x00\x00\x00")
        with pytest.raises(InputError, match=r"values is not an IDX file .*: it starts with 00 00 0d 01"):
            idx.read(path)

    def test_empty_file(self, tmp_path: Path) -> None:
        path = tmp_path / "values"
        path.touch()
        with pytest.raises(InputError, match=r"values is not an IDX file .* it starts with nothing"):
            idx.read(path)

    def test_header_cut_off(self) -> None:
        with pytest.raises(InputError, match=r"it is truncated: it ends within its header, after 6 of 8 bytes"):
            idx.parse(b"\x00\x00\x08\x01\x00\x00", "it")

    @pytest.mark.parametrize(("change", "fault"), [(-1, "is truncated"), (+1, "is too long")])
    def test_wrong_length(self, change: int, fault: str) -> None:
        data = idx_bytes(np.zeros((2, 3), dtype=np.uint8))
        wrong = data[:change] if change < 0 else data + bytes(change)
        with pytest.raises(InputError, match=rf"it {fault}: 2 x 3 values need 18 bytes but it has {18 + change}"):
            idx.parse(wrong, "it")

    def test_wrong_sum(self, tmp_path: Path) -> None:
        path = tmp_path / "values"
        path.write_bytes(idx_bytes(np.array([1, 2], dtype=np.uint8)))
        with pytest.raises(InputError, match=r"values is not the file that was published: .* but must be 0123"):
            idx.read(path, "0123")

    @pytest.mark.parametrize("kept", [3, 15, -9, -1])
    def test_truncated_gzip(self, tmp_path: Path, kept: int) -> None:
        path = tmp_path / "values.gz"
        path.write_bytes(gzip.compress(idx_bytes(np.arange(200, dtype=np.uint8)))[:kept])
        with pytest.raises(InputError, match=r"values\.gz is not a whole gzip file"):
            idx.read(path)

    def test_damaged_gzip(self, tmp_path: Path) -> None:
        data = bytearray(gzip.compress(idx_bytes(np.arange(200, dtype=np.uint8))))
        data[60] ^= 0xFF
        path = tmp_path / "values.gz"
        path.write_bytes(data)
        with pytest.raises(InputError, match=r"values\.gz is not a whole gzip file"):
            idx.read(path)

    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"nowhere can't be read: No such file"):
            idx.read(tmp_path / "nowhere")
