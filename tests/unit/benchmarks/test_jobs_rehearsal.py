"""A case from a file is tried before anything runs."""

from __future__ import annotations

import pytest
from benchmark_rows import job
from outside import CASE, a_case

from benchmarks.cases import CASES
from benchmarks.jobs.rehearsal import rehearse
from pynn_backprop.errors import InputError

METHOD = "@dataclass(frozen=True)\nclass Majority(Case):\n"
SCORE = "score(self, evaluation, samples, weights, seed)"
LOADED = "return Samples(x[:samples], most[:samples], x[samples:], most[samples:], self.outputs)"


def loaded(*change: str) -> tuple[str, str]:
    """What `load` returns, another thing or with a part replaced."""
    return LOADED, LOADED.replace(*change) if len(change) == 2 else change[0]


def method(signature: str, value: str) -> tuple[str, str]:
    """One method more, which returns a value."""
    return METHOD, f"{METHOD}    def {signature}:\n        return {value}\n"


def rehearsed(folder, *changes: tuple[str, str]) -> None:
    case, file = CASES.read(a_case(folder, *changes))
    rehearse(job(case=case.name, case_file=file, hidden=case.hidden, samples=case.samples, test_samples=100))


def test_a_case_that_fits_together_passes(tmp_path):
    rehearsed(tmp_path)


@pytest.mark.parametrize(("name", "hidden"), [("digits", 20), ("linear-map", 0), ("xor", 12)])
def test_the_packages_own_cases_fit_together(name, hidden):
    rehearse(job(case=name, hidden=hidden))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (loaded("return x, most"), r"load gives a tuple but must give Samples \(pynn_backprop.data.samples\)"),
        (loaded("(x[:samples]", "(x[1:samples]"), "load gives 499 samples in x_train but must give 500"),
        (loaded(" x[samples:]", " x[:samples]"), "load gives 500 samples in x_test but must give 100"),
        (loaded("most[samples:]", "most"), "load gives 600 samples in y_test but must give 100"),
        (loaded("self.outputs", "3"), "load gives samples with n_classes 3 but must give 2"),
        (
            ("< 0.5", "* 0.5"),
            r"x_train is float64 \(500, 9\) but must be an array of bool, \(500, 9\): which in",
        ),
        (("self.inputs)) <", "8)) <"), r"x_train is bool \(500, 8\) but must be an array of bool, \(500, 9\)"),
        (loaded("(x[:samples]", "(x[:samples].tolist()"), "x_train is list but must be an array of bool"),
        (loaded("x[samples:],", "x[samples:] * 1.0,"), r"x_test is float64 \(100, 9\) but must be an array of bool"),
        ((".astype(int)", " * 2"), "labels run from 0 to 2 but must lie within 0 and 1"),
        ((".astype(int)", ".astype(float)"), r"labels are float64 of shape \(500,\) but must be integers"),
        (("self.inputs // 2", "self.nothing"), "AttributeError: 'Majority' object has no attribute 'nothing'"),
        (method("initial_weights(self, units, seed)", "{}"), "weights holds nothing but must hold W1, W2"),
        (method(SCORE, "0.5"), "score gives 0.5 but must give numbers by name, in a dict"),
        (method(SCORE, "{'Right': np.float32(0.5)}"), "score gives .*0.5.* as Right but must give a Python number"),
        (method(SCORE, "{'Right': True}"), "score gives True as Right but must give a Python number"),
        (method(SCORE, "{'Right': float('nan')}"), "score gives nan as Right but must give a Python number"),
        (method("reached(self, metrics)", "1"), "reached gives 1 but must give True or False"),
        ((METHOD, METHOD + "    wanted = 1\n"), "wanted is 1 but must be a str"),
    ],
)
def test_what_does_not_fit_is_named_with_its_file(tmp_path, change, said):
    with pytest.raises(InputError, match=r"^/.*my_case\.py: the case majority can't be used: .*" + said):
        rehearsed(tmp_path, change)


def test_more_samples_than_there_are_are_refused(tmp_path):
    made = CASE[CASE.index("CASE = ") :]
    case = 'CASE = Case("d", "", 192, 10, 20, 5000, 100, 1, "it is right", data="digits", levels=3)\n'
    _, file = CASES.read(a_case(tmp_path, (made, case)))
    with pytest.raises(InputError, match="the case d can't be used: samples is 5000 but must be a whole number from 1"):
        rehearse(job(case="d", case_file=file, samples=5000))


def test_data_that_are_not_on_this_machine_are_no_defect_of_the_case(tmp_path):
    change = loaded("raise DataNotFoundError('nowhere')")
    imports = ("import numpy as np\n", "import numpy as np\nfrom pynn_backprop.errors import DataNotFoundError\n")
    rehearsed(tmp_path, change, imports)
