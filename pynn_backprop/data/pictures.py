"""A folder of images with one folder for each class."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..errors import InputError
from .split import split

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".pgm", ".tif", ".tiff")
PARTS = ("train", "test")


def read(folder: Path) -> dict[str, np.ndarray]:
    """Read images as grey values.

    Parameters
    ----------
    folder : pathlib.Path
        It holds a folder for each class; or folders ``train`` and ``test`` that do.  If it does not, a fifth of each
        class is for testing.  Classes are numbered in the order of their names.

    Returns
    -------
    dict of str to numpy.ndarray
        By role: ``x_train`` and ``x_test`` of uint8 and shape (n, height, width), ``y_train``, ``y_test``.

    Raises
    ------
    InputError
        If there are no images, they differ in size, or one can't be read.
    """
    names = _folders(folder)
    if set(names) == set(PARTS):
        classes = _folders(folder / "train")
        unknown = sorted(set(_folders(folder / "test")) - set(classes))
        if unknown:
            raise InputError(f"{folder / 'test'} has the class {unknown[0]!r}, which {folder / 'train'} has not")
        parts = {}
        for part in PARTS:
            parts[f"x_{part}"], parts[f"y_{part}"] = _images(folder / part, classes)
        sizes = {part: parts[f"x_{part}"].shape[1:] for part in PARTS}
        if sizes["train"] != sizes["test"]:
            raise InputError(
                f"{folder}: images of train have the size {sizes['train']} but those of test {sizes['test']}"
            )
        return parts
    try:
        return split(*_images(folder, names))
    except InputError as error:
        raise InputError(f"{folder}: {error}") from None


def _folders(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _images(folder: Path, classes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """All images of the classes, (n, height, width), and their labels, (n,)."""
    files = [
        (path, label)
        for label, name in enumerate(classes)
        for path in sorted((folder / name).glob("*"))
        if path.suffix.lower() in SUFFIXES
    ]
    if not files:
        raise InputError(f"{folder} holds no images in folders by class; images end in {', '.join(SUFFIXES)}")
    images = [_image(path) for path, _ in files]
    for image, (path, _) in zip(images, files, strict=True):
        if image.shape != images[0].shape:
            raise InputError(f"{path} is {image.shape[::-1]} pixels but {files[0][0]} {images[0].shape[::-1]}")
    return np.stack(images), np.array([label for _, label in files])


def _image(path: Path) -> np.ndarray:
    # It comes with matplotlib; only those who read images wait for it.
    from PIL import Image

    try:
        with Image.open(path) as image:
            return np.asarray(image.convert("L"))
    except (OSError, ValueError, SyntaxError) as error:
        raise InputError(f"{path} can't be read as an image: {error}") from error
