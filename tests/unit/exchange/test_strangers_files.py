"""HDF5 files of strangers: data only, of this file only, and no more than is allowed; nothing crashes."""

from __future__ import annotations

import os

import numpy as np
import pytest
from scenarios.nir_graphs import nir, two_leaky_layers

from pynn_backprop.errors import InputError
from pynn_backprop.exchange import from_nir, read_nir, write_nir
from pynn_backprop.exchange.hdf5 import read_tree

h5py = pytest.importorskip("h5py")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.nir"


def made(path, fill) -> None:
    with h5py.File(path, "w") as file:
        fill(file)


def test_a_tree_holds_what_the_file_holds(path):
    def fill(file):
        group = file.create_group("node")
        group["type"] = "NIRGraph"
        group["number"], group["real"], group["table"] = 3, 0.5, np.arange(6).reshape(2, 3)
        group["names"] = np.array([["a", "ü"]], dtype=object)
        group.create_dataset("packed", data=np.zeros(100), compression="gzip", shuffle=True)

    made(path, fill)
    tree = read_tree(path)["node"]
    assert (tree["type"], tree["number"], tree["real"]) == ("NIRGraph", 3, 0.5)
    assert tree["table"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert tree["names"].tolist() == [["a", "ü"]]
    assert tree["packed"].shape == (100,)


def outside(file):
    file["node"] = h5py.ExternalLink("/etc/hostname", "/")


def inside(file):
    file["node"] = h5py.SoftLink("/node")


def circle(file):
    group = file.create_group("node")
    group["again"] = group


def elsewhere(file):
    file.create_dataset("node", (4,), "f8", external=[("/etc/hostname", 0, 32)])


def virtual(file):
    layout = h5py.VirtualLayout((4,), "f8")
    layout[:] = h5py.VirtualSource("other.h5", "x", (4,))
    file.create_virtual_dataset("node", layout)


def bomb(file):
    file.create_dataset("node", (2**36,), "f8", chunks=(2**20,), compression="gzip")


def bombs(file):
    for k in range(40):
        file.create_dataset(f"d{k}", (2**22,), "f8", chunks=(2**20,), compression="gzip")


def long_text(file):
    file.create_dataset("node", (1000, 20), "S100000", chunks=(10, 2), compression="gzip")


def many(file):
    for k in range(101):
        file.create_group(str(k))


def records(file):
    file["node"] = np.zeros(3, [("a", "i4"), ("b", "f8")])


def references(file):
    file.create_dataset("node", (1,), h5py.ref_dtype)


def ragged(file):
    file.create_dataset("node", (2,), h5py.vlen_dtype("i4"))


def unread(file):
    """A filter that is registered, but not among those that come with HDF5."""
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_chunk((4,))
    plan.set_filter(305, h5py.h5z.FLAG_OPTIONAL, ())
    h5py.h5d.create(file.id, b"node", h5py.h5t.NATIVE_INT32, h5py.h5s.create_simple((4,)), plan)


def a_type(file):
    file["node"] = np.dtype("f8")


def nothing(file):
    file["node"] = h5py.Empty("f8")


SAID = {
    outside: "/node is a link to another place, which is not followed",
    inside: "/node is a link to another place",
    circle: "is nested deeper than 16 groups",
    elsewhere: "/node has its values in another file",
    virtual: "/node has its values in another file",
    bomb: "with /node it holds more than",
    bombs: "with /d.* it holds more than",
    long_text: "with /node it holds more than",
    many: "holds more than 100 groups and arrays",
    records: "/node holds .* but must hold numbers or text",
    references: "/node holds object but must hold numbers or text",
    ragged: "/node holds object but must hold numbers or text",
    unread: "/node is packed by the filter 305, which is not loaded",
    a_type: "/node is a Datatype but must be an array or a group",
    nothing: "/node is empty",
}


@pytest.mark.parametrize("fill", SAID, ids=lambda fill: fill.__name__)
def test_what_is_no_data_or_too_much_of_it_is_refused_by_name(fill, path, monkeypatch):
    made(path, fill)
    monkeypatch.setattr("pynn_backprop.exchange.hdf5.MOST_OBJECTS", 100)
    with pytest.raises(InputError, match=SAID[fill]):
        read_nir(path)


def test_no_more_of_a_file_is_read_than_is_allowed(path):
    write_nir(path, two_leaky_layers())
    size = os.path.getsize(path)
    with pytest.raises(InputError, match="but may have"):
        read_tree(path, size - 1)
    made(path, lambda file: file.create_dataset("x", data=np.zeros(1000), compression="gzip"))
    assert read_tree(path, 8000)["x"].shape == (1000,)
    with pytest.raises(InputError, match="with /x it holds more than 8 kB"):
        read_tree(path, 7999)


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", b"\x89HDF\r\n\x1a\n" + bytes(500)])
def test_what_is_no_hdf5_is_refused(content, path):
    path.write_bytes(content)
    with pytest.raises(InputError, match="is not a whole HDF5 file"):
        read_nir(path)


def test_what_is_not_there_is_refused(path, tmp_path):
    for where in (path, tmp_path):
        with pytest.raises(InputError, match="is not a file"):
            from_nir(where)


@pytest.mark.parametrize("node", [{}, {"type": "LIF"}, {"type": "NIRGraph"}, {"type": "NIRGraph", "nodes": 3}])
def test_a_file_without_a_graph_is_refused(node, path):
    def fill(file):
        group = file.create_group("node")
        for name, value in node.items():
            group[name] = value

    made(path, fill)
    with pytest.raises(InputError, match=r"a\.nir (holds no NIR graph|is no NIR graph of nir)"):
        read_nir(path)


def test_a_file_that_is_cut_anywhere_or_altered_never_crashes(path):
    """200 places; what is still a graph afterwards is one."""
    write_nir(path, two_leaky_layers())
    whole, random = path.read_bytes(), np.random.default_rng(0)
    for _ in range(200):
        content = bytearray(whole[: random.integers(len(whole) // 2, len(whole) + 1)])
        for place in random.integers(0, len(content), 4):
            content[place] = random.integers(256)
        path.write_bytes(content)
        try:
            graph = read_nir(path)
        except InputError:
            continue
        assert isinstance(graph, nir.NIRGraph)
