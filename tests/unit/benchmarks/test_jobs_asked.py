"""Every job that a command asks for."""

from __future__ import annotations

import pytest
from outside import a_case, a_platform

from benchmarks.jobs.asked import Asked, split_variant
from pynn_backprop.errors import InputError

PEERS = [
    ("bindsnet", "online"),
    ("nest-eprop", "online"),
    *((name, f"batch{n}") for name in ("norse", "scikit-learn", "snntorch") for n in (1, 32)),
]


def ran(asked: Asked) -> list[tuple[str, str]]:
    return [(job.platform, job.variant) for job in asked.jobs()]


def test_without_a_word_it_is_digits_as_they_are_on_every_circuit():
    jobs = Asked().jobs()
    assert [(job.platform, job.variant) for job in jobs] == [
        ("brian2", "cython"),
        ("lava", "emulator"),
        ("nest", "compiled"),
        ("reference", "oracle"),
    ]
    assert {(job.case, job.seed, job.units) for job in jobs} == {("digits", 0, (192, 200, 10))}
    assert {(job.samples, job.test_samples, job.epochs) for job in jobs} == {(1437, 360, 10)}
    assert {(job.repeats, job.threads, job.count_samples, job.time_limit, job.watt) for job in jobs} == {
        (3, 1, 20, 600.0, None)
    }


def test_platforms_are_asked_for_by_name_variant_or_all_of_them():
    assert ran(Asked(platform=["nest:all", "lava:stock", "reference"])) == [
        ("nest", "compiled"),
        ("nest", "dopamine"),
        ("lava", "stock"),
        ("reference", "oracle"),
    ]
    assert ran(Asked(platform=["reference"], peers=True)) == [("reference", "oracle"), *PEERS]


def test_jobs_are_in_order_of_case_size_platform_and_seed():
    asked = Asked(["digits", "xor"], ["reference:all"], seed=[5, 6], hidden=[10, 20])
    assert [(job.case, job.hidden, job.variant, job.seed) for job in asked.jobs()] == [
        (case, (hidden,), variant, seed)
        for case in ("digits", "xor")
        for hidden in (10, 20)
        for variant in ("oracle", "steps")
        for seed in (5, 6)
    ]


def test_a_series_has_all_seeds_and_sizes_of_the_case_but_those_that_the_user_gives():
    def found(**given):
        return [(*job.hidden, job.seed) for job in Asked(platform=["reference"], series=True, **given).jobs()]

    sizes = (50, 100, 200, 400, 800, 1600, 3200)
    assert found() == [(hidden, seed) for hidden in sizes for seed in (0, 1, 2)]
    assert found(seed=[7]) == [(hidden, 7) for hidden in sizes]
    assert found(hidden=[30]) == [(30, seed) for seed in (0, 1, 2)]


def test_fewer_samples_than_the_case_has_may_be_asked_for_and_not_more():
    (few,) = Asked(platform=["reference"], samples=30, test_samples=20, epochs=2).jobs()
    assert (few.samples, few.test_samples, few.epochs) == (30, 20, 2)
    (many,) = Asked(platform=["reference"], samples=3000, test_samples=2000, epochs=20).jobs()
    assert (many.samples, many.test_samples, many.epochs) == (1437, 360, 20)


def test_how_it_is_measured_goes_to_every_job_and_threads_to_those_that_have_them():
    asked = Asked(platform=["nest", "reference"], repeats=5, threads=4, count_samples=7, time_limit=9.0, watt=2.5)
    nest, reference = asked.jobs()
    assert (nest.threads, reference.threads) == (4, 1)
    for job in (nest, reference):
        assert (job.repeats, job.count_samples, job.time_limit, job.watt) == (5, 7, 9.0, 2.5)


@pytest.mark.parametrize("name", ["samples", "test_samples", "epochs"])
def test_what_can_not_be_asked_for_is_refused_by_the_name_of_its_option(name):
    with pytest.raises(InputError, match=rf"^--{name.replace('_', '-')} is 0 but must be a whole number of at least 1"):
        Asked(**{name: 0}).jobs()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("nest", ("nest", "")),
        ("nest:dopamine", ("nest", "dopamine")),
        ("mine.py", ("mine.py", "")),
        ("mine.py:fast", ("mine.py", "fast")),
        ("/a:b/mine.py", ("/a:b/mine.py", "")),
        ("/a:b/mine.py:all", ("/a:b/mine.py", "all")),
        ("/a.py:b/mine.py:all", ("/a.py:b/mine.py", "all")),
    ],
)
def test_a_variant_follows_the_last_colon(text, parts):
    assert split_variant(text) == parts


@pytest.mark.parametrize("text", ["nest:", "mine.py:"])
def test_nothing_is_no_variant(text):
    with pytest.raises(InputError, match=rf"^--platform is '{text}' but must be NAME, NAME:VARIANT or NAME:all"):
        split_variant(text)


# --- files outside the package


def test_files_stand_beside_names(tmp_path):
    case, platform = str(a_case(tmp_path)), str(a_platform(tmp_path))
    jobs = Asked([case, "digits"], [f"{platform}:all", platform, "reference"]).jobs()
    here = ["nearest-mean:online", "nearest-mean:all-at-once", "nearest-mean:online", "reference:oracle"]
    assert [(job.case, f"{job.platform}:{job.variant}") for job in jobs] == [
        (name, there) for name in ("majority", "digits") for there in here
    ]
    files = [(job.case_file and job.case_file.path, job.platform_file and job.platform_file.path) for job in jobs]
    assert files == [(one, there) for one in (case, None) for there in (platform, platform, platform, None)]
    assert jobs[0].units == (9, 20, 2)
    assert jobs[0].files == [jobs[0].case_file, jobs[0].platform_file]
    assert jobs[-1].files == []


def test_a_variant_that_a_file_does_not_have_is_refused(tmp_path):
    with pytest.raises(InputError, match="variant of nearest-mean is 'fast' but must be one of online, all-at-once"):
        Asked(platform=[f"{a_platform(tmp_path)}:fast"]).jobs()


def test_two_files_of_one_name_are_refused_for_their_rows_would_be_the_same(tmp_path):
    one, other = a_case(tmp_path), a_case(tmp_path, ("hidden=20", "hidden=30"), name="other.py")
    with pytest.raises(InputError, match=r"my_case\.py and /.*other\.py both have a case of the name 'majority'$"):
        Asked([str(one), str(other)], ["reference"]).jobs()
    one, other = a_platform(tmp_path), a_platform(tmp_path, ("online", "offline"), name="another.py")
    with pytest.raises(InputError, match=r"another\.py both have a platform of the name 'nearest-mean'$"):
        Asked(platform=[str(one), str(other)]).jobs()


def test_a_case_that_does_not_fit_together_is_refused_before_any_job_is_there(tmp_path):
    case = a_case(tmp_path, ("most[:samples], x[samples:]", "most[1:samples], x[samples:]"))
    with pytest.raises(InputError, match=r"my_case\.py: the case majority can't be used: load gives 499 samples in y"):
        Asked([str(case)], ["reference"]).jobs()


# --- a matrix by names and wildcards


def test_patterns_stand_for_every_name_that_they_match():
    assert ran(Asked(platform=["ref*:*"])) == [("reference", "oracle"), ("reference", "steps")]
    assert ran(Asked(platform=["nest*"])) == [("nest", "compiled"), ("nest-eprop", "online")]
    assert [job.case for job in Asked(case=["*mnist"], platform=["reference"]).jobs()] == ["fashion-mnist", "mnist"]
    assert ran(Asked(platform=["nest:d*"])) == [("nest", "dopamine")]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"platform": ["x*"]}, r"platform is 'x\*', which matches none of"),
        ({"case": ["z*"]}, r"case is 'z\*', which matches none of"),
        ({"platform": ["nest:x*"]}, r"--platform is 'nest:x\*', which no variant of a platform matches"),
        ({"hidden": [3], "depth": [2]}, "--hidden and --depth can't be given both"),
        ({"code": ["gradd:3"]}, "kind"),
        ({"code": ["graded"]}, "code is 'graded' but must be binary or KIND:NEURONS"),
        ({"stretch": "5"}, "stretch is '5' but must be FIRST:STOP"),
        ({"only": ["nothing"]}, "--only and --skip leave none of the 1 jobs"),
    ],
)
def test_what_names_nothing_is_refused(given, said):
    with pytest.raises(InputError, match=said):
        Asked(**{"platform": ["reference"], **given}).jobs()


def test_form_rule_depth_code_and_threads_are_dimensions():
    jobs = Asked(
        platform=["nest", "reference"],
        form=["*"],
        rule=["*"],
        depth=[1, 3],
        code=["binary", "graded:4"],
        threads=[1, 2],
    ).jobs()
    # On nest two threads each, on the reference one.
    assert len(jobs) == 2 * 2 * (2 * 2 * 2 + 2 * 2)
    assert {(job.form, job.rule) for job in jobs} == {
        (form, rule) for form in ("published", "compact") for rule in ("published", "margin")
    }
    assert {len(job.units) - 1 for job in jobs} == {1, 3}
    assert {job.find_case().code.n for job in jobs} == {1, 4}
    assert {job.threads for job in jobs if job.platform == "nest"} == {1, 2}
    assert len({job.key for job in jobs}) == len(jobs)


def test_jobs_are_chosen_by_the_names_that_are_shown():
    def names(**given):
        return [job.name for job in Asked(platform=["nest", "reference"], seed=[0, 1], **given).jobs()]

    assert len(names()) == 4
    assert names(only=["*nest*"]) == [name for name in names() if "nest" in name]
    assert names(skip=["*seed 1"]) == [name for name in names() if name.endswith("seed 0")]
    assert len(names(only=["*nest*"], skip=["*seed 1"])) == 1


def test_samples_that_are_held_out_are_taken_from_the_training_samples():
    (job,) = Asked(platform=["reference"], validation=237).jobs()
    assert (job.samples, job.validation) == (1200, 237)


def test_peers_choose_among_their_rates_only_where_that_is_asked_for():
    (usual,), (tuned,), (given,) = (
        Asked(platform=["scikit-learn:batch1"], validation=99, **more).jobs()
        for more in ({}, {"tune": True}, {"rates": [0.5]})
    )
    assert (usual.rates, tuned.rates, given.rates) == ((), (1e-3, 3e-4, 1e-4, 3e-3), (0.5,))
