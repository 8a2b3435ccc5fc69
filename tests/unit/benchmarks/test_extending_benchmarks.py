"""The templates of docs/extending.md run as they stand there."""

from __future__ import annotations

from extending import template

from benchmarks import row_files
from benchmarks.cli import main
from benchmarks.rows import OK


def test_the_templates_run_as_they_stand(tmp_path, monkeypatch, capsys):
    (tmp_path / "my_case.py").write_text(template("A benchmark case"), encoding="utf-8")
    (tmp_path / "my_platform.py").write_text(template("A benchmark platform"), encoding="utf-8")
    (tmp_path / "joules").write_text("5.0")
    meter = template("A meter of energy").replace("/run/socket/joules", str(tmp_path / "joules"))
    (tmp_path / "my_meter.py").write_text(meter, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    arguments = ["run", "--case", "my_case.py", "--platform", "my_platform.py", "my_platform.py:online", "reference"]
    arguments += ["--samples", "300", "--test-samples", "50", "--repeats", "1", "--out", "out"]
    arguments += ["--meter", "my_meter.py", "--rows-only"]
    assert main(arguments) == 0, capsys.readouterr()
    rows = row_files.read(tmp_path / "out" / row_files.ROWS)
    assert [(row["case"], row["platform"], row["status"], row["why"]) for row in rows] == [
        ("patterns", "nearest-mean", OK, ""),
        ("patterns", "reference", OK, ""),
    ]
    assert {entry["by"] for row in rows for entry in row["energy"] if "parts" not in entry} == {"socket"}
    peer, rule = (row["metrics"]["ClassificationAccuracy"] for row in rows)
    # Of four classes; the circuit has seen 300 samples once.
    assert peer == 1.0
    assert rule > 0.5
    assert rows[1]["correct"]["weights_equal_reference"] is True
