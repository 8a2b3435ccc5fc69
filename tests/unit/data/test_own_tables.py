"""Tables with a column of labels, and folders of images by class."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pynn_backprop.data.datasets import is_own, load
from pynn_backprop.data.levels import suitable_levels
from pynn_backprop.errors import InputError

pytest.importorskip("pandas")

ROWS = 40


def table(tmp_path: Path, text: str | None = None) -> Path:
    """Forty samples: a feature from -20 to 19, one that is constant, and labels of text."""
    path = tmp_path / "mine.csv"
    rows = [f"{n - 20},7.5,{'long' if n % 2 else 'short'}" for n in range(ROWS)]
    path.write_text(text or "\n".join(["size,same,kind", *rows]) + "\n", encoding="utf-8")
    return path


def test_a_table_is_split_class_by_class_and_its_features_scaled(tmp_path):
    data = load(table(tmp_path))
    assert (len(data.x_train), len(data.x_test), data.n_features, data.n_classes) == (32, 8, 2, 2)
    assert np.bincount(data.y_test).tolist() == [4, 4]
    assert (data.x_train[:, 0].min(), data.x_train[:, 0].max()) == (0, 1)
    assert not data.x_train[:, 1].any()
    assert data.default_levels == suitable_levels(2) == 16
    np.testing.assert_array_equal(load(str(table(tmp_path))).x_test, data.x_test)


def test_the_labels_are_in_the_last_column_or_in_the_one_that_is_named(tmp_path):
    text = "kind,size\n" + "".join(f"{n % 2},{n}\n" for n in range(ROWS))
    named = load(table(tmp_path, text), label="kind")
    assert named.n_classes == 2
    order = np.argsort(named.x_train[:, 0], kind="stable")
    assert set(named.y_train[order][:2].tolist()) == {0, 1}
    with pytest.raises(InputError, match="column 'size' has 40 different values in 40 rows, which are no classes"):
        load(table(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        (None, "knd", "label is 'knd' but must be one of size, same, kind .*did you mean 'kind'"),
        (None, "size", "has 40 different values|column 'kind' holds 'short'"),
        ("a,b\n1,0\n,1\n2,0\n3,1\n", None, "column 'a' is empty in line 3"),
        ("a,b\n1,0\n2,\n2,0\n3,1\n", None, "column 'b' is empty in line 3"),
        ("a,b\n1,0\nx,1\n2,0\n3,1\n", None, "column 'a' holds '1' but features must be numbers"),
        ("a,b\n1,0\n2,0\n3,0\n4,1\n", None, "4 samples can't be split class by class"),
        ("a\n1\n", None, "1 rows and 1 columns"),
        ("\n", None, "can't be read as a table"),
        ('a,b\n"1,2\n', None, "can't be read as a table"),
    ],
)
def test_what_is_no_table_is_refused_by_column_and_line(tmp_path, text, label, words):
    with pytest.raises(InputError, match=words):
        load(table(tmp_path, text), label=label)


def test_a_label_is_for_tables_only(tmp_path):
    with pytest.raises(InputError, match=r"label is 'x' but only a \.csv file has a column of labels"):
        load("digits", label="x")
    with pytest.raises(InputError, match=r"none\.csv does not exist"):
        load(tmp_path / "none.csv")


# --- images


def images(folder: Path, per_class: int = 5, side: int = 6) -> Path:
    """Dark and bright images, in folders of these names."""
    for name, grey in (("bright", 200), ("dark", 40)):
        (folder / name).mkdir(parents=True)
        for n in range(per_class):
            values = np.full((side, side), grey + n, np.uint8)
            Image.fromarray(values).save(folder / name / f"{n}.png")
    (folder / "dark" / "notes.txt").write_text("no image", encoding="utf-8")
    return folder


def test_a_folder_of_images_by_class_is_a_data_set(tmp_path):
    data = load(images(tmp_path / "greys"))
    assert (data.name, data.shape, len(data.x_train), len(data.x_test)) == ("greys", (6, 6), 8, 2)
    assert sorted(data.y_test.tolist()) == [0, 1]
    for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test)):
        assert (x[y == 0] > 0.7).all()
        assert (x[y == 1] < 0.2).all()
    assert load(tmp_path / "greys", crop=2).shape == (2, 2)


def test_folders_train_and_test_are_the_two_parts(tmp_path):
    images(tmp_path / "set" / "train", 3)
    images(tmp_path / "set" / "test", 2)
    data = load(str(tmp_path / "set"))
    assert (len(data.x_train), len(data.x_test)) == (6, 4)
    (tmp_path / "set" / "test" / "grey").mkdir()
    with pytest.raises(InputError, match="has the class 'grey', which"):
        load(tmp_path / "set")


def test_colours_become_grey(tmp_path):
    folder = images(tmp_path / "greys")
    Image.fromarray(np.full((6, 6, 3), 90, np.uint8)).save(folder / "dark" / "0.png")
    assert np.isin(np.float32(90 / 255), load(folder).x_train) or np.isin(np.float32(90 / 255), load(folder).x_test)


def test_images_that_can_not_be_used_are_named(tmp_path):
    folder = images(tmp_path / "greys")
    (folder / "dark" / "broken.png").write_bytes(b"no image")
    with pytest.raises(InputError, match=r"broken\.png can't be read as an image"):
        load(folder)
    Image.fromarray(np.zeros((6, 7), np.uint8)).save(folder / "dark" / "broken.png")
    with pytest.raises(InputError, match=r"broken\.png is \(7, 6\) pixels but .*0\.png \(6, 6\)"):
        load(folder)
    with pytest.raises(InputError, match="holds no images in folders by class"):
        load(tmp_path / "greys" / "dark")


@pytest.mark.parametrize(
    ("name", "own"), [("digits", False), ("a.npz", True), ("b.CSV", True), ("digts", False), (".", True)]
)
def test_a_path_is_told_from_a_name(name, own):
    assert is_own(name) is own
