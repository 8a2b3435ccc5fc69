"""Makes the pages to step through of the site: ``python docs/_ext/example_pages.py FOLDER``, or as an extension."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.opening import start
from pynn_backprop.view import record, write_page

SIMULATOR = "nest"
RUNS: dict[str, dict[str, Any]] = {
    "digits": {"hidden": (100,), "epochs": 4},
    "deep": {"hidden": (60, 40, 30), "epochs": 4},
}
PAGES = {"digits": ("digits", None), "digits-published": ("digits", "published"), "deep": ("deep", None)}
"""The run of each page, and the form in which it is shown."""


def write_pages(folder: Path) -> list[Path]:
    """Train, record and write all of them; returns their files."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for name, choices in RUNS.items():
            with start(RunConfig(SIMULATOR, **choices), Path(place) / name) as run:
                run.train()
                run.write_results(run.evaluate())
        for page, (name, form) in PAGES.items():
            write_page(record(Path(place) / name, form=form), folder / f"{page}.html")
    return [folder / f"{page}.html" for page in PAGES]


def setup(app: Any) -> dict[str, bool]:
    """For Sphinx: they are in the folder ``view`` of the site, and made once."""
    app.connect("build-finished", _add)
    return {"parallel_read_safe": True}


def _add(app: Any, error: Exception | None) -> None:
    folder = Path(app.outdir) / "view"
    if error is None and app.builder.name == "html" and not all((folder / f"{page}.html").is_file() for page in PAGES):
        write_pages(folder)


if __name__ == "__main__":
    print(*write_pages(Path(sys.argv[1])), sep="\n")
