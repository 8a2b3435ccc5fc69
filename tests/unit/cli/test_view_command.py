"""``pynn-backprop view``: a page in the folder of the run, or where it was asked for."""

from __future__ import annotations

import re
from pathlib import Path

from command_line import TRAIN, content

from pynn_backprop.cli.main import main


def test_view_writes_one_page_and_says_what_is_in_it(capsys):
    assert main([*TRAIN]) == 0
    before = content(Path("run"))
    capsys.readouterr()
    assert main(["view", "run", "--samples", "6"]) == 0
    said = capsys.readouterr().out
    found = re.fullmatch(
        r"run/view\.html: 0\.\d\d MB, (\d) samples answered rightly and (\d) wrongly on reference\n", said
    )
    assert found
    assert int(found[1]) + int(found[2]) == 6
    assert set(content(Path("run"))) - set(before) == {"view.html"}
    assert main(["view", "run", "--samples", "2", "--form", "published", "--out", "mine.html"]) == 0
    text = Path("mine.html").read_text()
    assert "published form" in text
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", text)


def test_what_can_not_be_shown_is_refused(refused, folder):
    refused(["view", "nowhere"], ["nowhere", "holds no run"])
    assert main([*TRAIN]) == 0
    refused(["view", "run", "--samples", "0"], ["samples", "0", "from 1 to 29"])
    refused(["view", "run", "--form", "other"], ["form", "other", "compact"])
    refused(["view", "run", "--out", "no/page.html"], ["no/page.html"])


def test_the_page_of_a_run_goes_when_the_run_is_replaced():
    assert main([*TRAIN]) == 0
    assert main(["view", "run", "--samples", "2"]) == 0
    assert main([*TRAIN, "--overwrite"]) == 0
    assert "view.html" not in content(Path("run"))
