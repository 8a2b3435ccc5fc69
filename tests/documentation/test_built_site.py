"""The site as it is built: no warnings, tutorials that ran, nothing from a network, pages that fit a phone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from browser import Chromium, needs_chromium
from sources import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

TUTORIALS = sorted(path.stem for path in (ROOT / "docs" / "tutorials").glob("*.py"))
WIDTHS = (1280, 390)
"""Pixels of a desk's screen and of a phone's."""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    pytest.importorskip("sphinx_gallery", reason="make docs installs what builds the site")
    pytest.importorskip("furo")
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run(
        [*build, "docs", str(folder)], cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_tutorials_ran_and_show_what_they_printed_or_drew(site):
    silent = [name for name in TUTORIALS if "sphx-glr-script-out" not in text_of(site / "gallery" / f"{name}.html")]
    assert silent == []
    assert "by potential" in text_of(site / "gallery" / "1_first_network.html")


def test_nothing_is_loaded_from_a_network_and_equations_are_there(site):
    for page in site.rglob("*.html"):
        outside = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(https?://[^"]+)', text_of(page))
        assert not outside, f"{page.name} loads {outside}"
    assert "<math" in text_of(site / "circuit.html")


def test_pictures_open_at_full_width(site):
    pages = [*site.glob("*.html"), *(site / "gallery").glob("[0-9]*.html")]
    shown = {
        page.name: re.findall(r"(<a [^>]*>)?<img [^>]*src=\"[^\"]*_images/([^\"]+)\"", text_of(page)) for page in pages
    }
    assert sum(map(len, shown.values())) > 20
    bare = {name: [file for link, file in found if f"_images/{file}" not in link] for name, found in shown.items()}
    assert {name: files for name, files in bare.items() if files} == {}


def test_pages_to_step_through_are_on_it(site):
    linked = re.findall(r'href="(view/[\w-]+\.html)"', text_of(site / "view.html"))
    assert len(set(linked)) == 3
    assert all(0 < (site / page).stat().st_size < 2e6 for page in linked)


@needs_chromium
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_as_wide_as_their_window_and_load_without_a_word(site, tmp_path, width):
    names = [
        *site.glob("*.html"),
        *(site / "gallery").glob("*.html"),
        site / "api/generated/pynn_backprop.Network.html",
    ]
    wrong = {}
    with Chromium(tmp_path) as browser:
        for name in names:
            page = browser.open(name, "document.readyState === 'complete'", width)
            wide = page.value("document.documentElement.scrollWidth")
            outside = [address for address in page.asked_for() if not address.startswith(("file:", "data:"))]
            if wide > width or page.console() or outside:
                wrong[name.name] = (wide, page.console(), outside)
            page.ask("Page.close")
    assert wrong == {}
