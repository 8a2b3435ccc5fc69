"""A job: what can't be one, what its row and its command say, and how it goes to another process."""

from __future__ import annotations

import hashlib
import json
import shlex
from datetime import datetime, timedelta, timezone

import pytest
from benchmark_rows import job
from outside import a_case, a_platform

from benchmarks.arguments import asked, parser
from benchmarks.cases import CASES
from benchmarks.jobs.host import host, versions
from benchmarks.jobs.job import Job
from benchmarks.platforms import PLATFORMS
from benchmarks.rows import FAILED, MISSING, check_row
from pynn_backprop.errors import InputError


@pytest.fixture
def outside(tmp_path):
    """A job whose case and platform are files."""
    case, case_file = CASES.read(a_case(tmp_path))
    platform, platform_file = PLATFORMS.read(a_platform(tmp_path))
    names = {"case": case.name, "platform": platform.name, "variant": "online"}
    return job(**names, hidden=7, case_file=case_file, platform_file=platform_file)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"case": "digit"}, "did you mean 'digits'"),
        ({"variant": "fast"}, "variant of reference is 'fast' but must be one of oracle, steps"),
        ({"repeats": 0}, "repeats is 0 but must be a whole number of at least 1"),
        ({"time_limit": 0}, "time_limit is 0 but must be a number above 0"),
        ({"seed": -1}, "seed is -1 but must be a whole number of at least 0"),
        ({"hidden": -1}, "hidden is -1 but must be a whole number of at least 0"),
        ({"samples": 0}, "samples is 0 but must be"),
        ({"test_samples": 0}, "test_samples is 0 but must be"),
        ({"epochs": 0}, "epochs is 0 but must be"),
        ({"threads": 0}, "threads is 0 but must be"),
        ({"count_samples": 0}, "count_samples is 0 but must be"),
        ({"jobs_at_once": 0}, "jobs_at_once is 0 but must be"),
        ({"platform": "nset"}, "did you mean 'nest'"),
        ({"time_limit": float("inf")}, "time_limit is inf but must be a number above 0"),
        ({"watt": -1.0}, "watt is -1.0 but must be a number above 0"),
        ({"watt": float("nan")}, "watt is nan but must be a number above 0"),
        ({"rule": "hinge"}, "rule is 'hinge' but must be one of"),
        ({"case": "xor", "rule": "margin"}, "the case xor can be learnt by the published one only"),
        ({"stretch": (30, 50)}, r"stretch is \(30, 50\) but must be two numbers from 0 to 40, the smaller first"),
        ({"stretch": (30, 30)}, r"stretch is \(30, 30\) but must be"),
        ({"until": 1.0}, "until is 1.0 but must be a share from 0 to below 1"),
        ({"until": 0.9}, "until needs samples that are held out: validation must be at least 1"),
        ({"until": 0.9, "validation": 5, "stretch": (1, 2)}, "stretch and until can't be given both"),
        ({"platform": "scikit-learn", "variant": "batch1", "rates": (1e-3, 2e-3)}, "rates needs samples that are held"),
        ({"platform": "scikit-learn", "variant": "batch1", "rates": (0.0,)}, "must be numbers above 0"),
        ({"validation": -1}, "validation is -1 but must be"),
        ({"meter": "rpl"}, "meter is 'rpl' but must be one of"),
    ],
)
def test_a_job_that_can_not_be_is_refused_before_it_runs(change, said):
    with pytest.raises(InputError, match=said):
        job(**change)


def test_the_row_of_a_job_says_what_it_is_about():
    before = datetime.now(timezone.utc) - timedelta(seconds=1)
    row = check_row(job(seed=3, hidden=30, threads=2, jobs_at_once=4, epochs=5).row(MISSING, "not there"))
    assert before <= datetime.fromisoformat(row.pop("started")) <= datetime.now(timezone.utc)
    assert row == {
        "schema": 1,
        "case": "digits",
        "platform": "reference",
        "variant": "oracle",
        "seed": 3,
        "layer_sizes": [192, 30, 10],
        "form": "published",
        "rule": "margin",
        "code": CASES.named("digits").code.arguments(),
        "samples": 40,
        "test_samples": 20,
        "epochs": 5,
        "whole_training": {"samples": 1437, "epochs": 10},
        "validation": 0,
        "stretch": [],
        "until": 0.0,
        "repeats": 3,
        "threads": 2,
        "time_limit": 600.0,
        "status": MISSING,
        "why": "not there",
        "repeat_seconds": {},
        "warm_up_seconds": None,
        "correct": {
            "means": "weights and answers equal the integer rule's; and the output that fires most is the digit"
        },
        "metrics": {},
        "curve": [],
        "rates": {},
        "counts": {},
        "energy": [],
        "peak_memory_MB": None,
        "host": {**host(), "jobs_at_once": 4},
        "versions": versions(),
        "command": (
            "python -m benchmarks run --case digits --platform reference:oracle --seed 3 --hidden 30 --form published "
            "--rule margin --samples 40 --test-samples 20 --epochs 5 --repeats 3 --threads 2 --count-samples 3 "
            "--time-limit 600.0"
        ),
    }
    assert job().row()["status"] == FAILED


def test_a_job_without_hidden_units_has_one_matrix():
    assert job(case="linear-map", hidden=0).units == (4, 3)
    assert job(case="linear-map", hidden=0).row()["code"]["n"] == 32


def test_a_person_reads_what_runs_where():
    assert job(seed=2).name == ("digits 192-20-10 on reference:oracle published margin, seed 2")


def test_the_command_in_a_row_makes_the_same_job(outside):
    several = job(
        form="compact", rule="published", code={"kind": "graded", "n": 4}, epochs=9, validation=7, stretch=(40, 80)
    )
    ended = job(platform="scikit-learn", variant="batch1", validation=7, until=0.9, rates=(1e-3, 3e-4))
    for one in (job(watt=12.5, hidden=30, meter="cpu-time"), several, ended, outside):
        words = shlex.split(one.command)
        assert words[:4] == ["python", "-m", "benchmarks", "run"]
        (again,) = asked(parser().parse_args(words[3:])).jobs()
        assert again == one


# --- files outside the package


def test_the_row_of_a_file_has_the_name_of_its_case_and_what_the_file_was(outside, tmp_path):
    row = check_row(outside.row())
    assert (row["case"], row["platform"], row["layer_sizes"]) == ("majority", "nearest-mean", [9, 7, 2])
    assert row["correct"] == {"means": "weights and answers equal the integer rule's"}
    for name in ("my_case.py", "my_platform.py"):
        assert row["versions"][name] == "sha256 " + hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()[:12]


def test_a_job_is_the_same_in_another_process(outside):
    for one in (job(watt=2.0), outside):
        assert Job.from_dict(json.loads(json.dumps(one.as_dict()))) == one


def test_the_place_of_a_file_does_not_make_another_row(outside, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    _, file = CASES.read(a_case(elsewhere))
    values = {**outside.as_dict(), "case_file": file}
    assert Job.from_dict(values).key == outside.key


def test_a_file_that_has_changed_since_is_refused(outside, tmp_path):
    values = outside.as_dict()
    assert Job.from_dict(values) == outside
    path, digest = values["case_file"]
    with pytest.raises(InputError, match=r"my_case\.py has changed since the run began"):
        Job.from_dict({**values, "case_file": [path, digest[::-1]]})


def test_a_job_of_another_name_than_its_file_is_refused(outside):
    with pytest.raises(InputError, match=r"my_case\.py: CASE has the name 'majority', not 'digits'"):
        Job.from_dict({**outside.as_dict(), "case": "digits"})
