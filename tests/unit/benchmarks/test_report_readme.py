"""The README's part on benchmarks: made of rows, between its marks."""

from __future__ import annotations

import pytest
from benchmark_rows import OF_A_PEER, lost, made, mixed, whole

from benchmarks import row_files
from benchmarks.cli import main
from benchmarks.report.readme import BEGIN, END, replaced, section, write_readme
from pynn_backprop.errors import InputError

README = f"# Title\n\n{BEGIN}\n\nold\n\n{END}\n\nmore\n"


def test_it_has_the_answers_the_main_table_and_its_plot():
    rows = [row | ({"form": "", "rule": ""} if row["correct"] == OF_A_PEER else {}) for row in mixed()]
    text = section([*rows, lost("missing", "x")], "benchmarks/results")
    assert text.startswith("From one full run, `sh benchmarks/full_run.sh` (8 rows with a result, 2026-01-02, all in ")
    assert "- **How fast? 5.70 ms** a training sample on nest compiled" in text
    assert "| platform | circuit | right | = the rule | ms a training sample | ms a test sample |" in text
    assert "| nest compiled | published form, margin rule | 92.0% | yes | 5.70 | 55.0 |" in text
    assert "| scikit-learn batch1 | – | 90.0% | – | 0.100 | 55.0 |" in text
    assert "the rule showed all others" not in text
    assert text.endswith("(benchmarks/results/plots/time-mnist-4-3-2-40x1-20.png)")


def test_it_has_the_time_to_a_score_of_its_own_case():
    curve = {"curve": [{"shown": 20, "seconds": 0.4, "right": 0.95}]}
    to_a_score = made("nest", "compiled", validation=9, until=0.9) | curve
    rows = [*mixed(), to_a_score, to_a_score | {"case": "mnist", "until": 0.8}]
    text = section(rows, "benchmarks/results")
    assert "Time to 80%: mnist, 4-3-2" in text
    assert "Time to 90%" not in text


def test_what_a_platform_showed_itself_has_a_column_of_its_own():
    rows = [made("reference", "oracle"), made("nest", "compiled", stretch=[10, 20]), made("nest", "compiled")]
    text = section(whole(rows), "results")
    assert "| platform | circuit | shown | right | = the rule |" in text
    assert "| reference oracle | published form, margin rule | all | 90.0% | yes |" in text
    assert "| nest compiled | published form, margin rule | 10 to 20 | 90.0% | yes |" in text
    assert "| nest compiled | published form, margin rule | all | 90.0% | yes |" in text
    assert "\n\nOf a training of which a platform showed some samples, the rule showed all others" in text


def test_times_to_a_score_stand_without_the_learning_rates_that_were_tried():
    curve = [{"shown": 30, "seconds": 0.5, "right": 0.96}]
    until = {"until": 0.95, "validation": 100, "curve": curve}
    rates = {"chosen": 0.1, "tried": {"0.1": 0.8, "0.2": 0.7}}
    rows = [made("nest", "compiled"), made("nest", "compiled", **until), made("peer", "v", rates=rates, **until)]
    text = section(rows, "results")
    assert "**Time to 95%: digits, 4-3-2**" in text
    assert "| platform | samples | time | ms a training sample | right on test samples |" in text
    assert "| peer v | 30 | 500 ms | 2.67 | 90.0% |" in text
    assert "0.2:" not in text


def test_only_what_is_between_the_marks_is_replaced():
    assert replaced(README, "new") == f"# Title\n\n{BEGIN}\n\nnew\n\n{END}\n\nmore\n"


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}\n{BEGIN}", README + README])
def test_a_readme_without_its_marks_is_refused(text):
    with pytest.raises(InputError, match="the README must have the line"):
        replaced(text, "new")


def test_a_readme_that_is_not_there_is_named(tmp_path):
    missing = tmp_path / "none.md"
    with pytest.raises(InputError, match=r"none\.md can't be read: No such file"):
        write_readme([made("nest", "compiled")], tmp_path / "r.jsonl", missing)


def test_rows_without_a_result_have_nothing_to_tell():
    with pytest.raises(InputError, match="rows hold no result"):
        section([lost("missing", "x")], "results")


def test_the_command_writes_it_and_checks_it(tmp_path, capsys):
    (tmp_path / "results").mkdir()
    results, readme = tmp_path / "results" / "r.jsonl", tmp_path / "README.md"
    row_files.append(results, made("nest", "compiled"))
    readme.write_text(README)
    command = ["readme", str(results), str(readme)]
    assert main([*command, "--check"]) == 1
    assert "is not up to date with" in capsys.readouterr().out
    assert readme.read_text() == README
    assert main(command) == 0
    assert "[results](results)" in readme.read_text()
    assert readme.read_text().endswith("\n\nmore\n")
    assert main([*command, "--check"]) == 0
