"""What is registered by being a file of a folder, and what a user brings in a file of his own."""

from __future__ import annotations

import hashlib
import sys
import textwrap

import pytest
from outside import CASE, a_case, a_platform

from benchmarks.cases import CASES
from benchmarks.cases.base import Case
from benchmarks.platforms import PLATFORMS
from benchmarks.registry import File, Registry, check_name
from pynn_backprop.errors import InputError


def test_the_cases_and_platforms_are_there():
    assert list(CASES.registered) == ["digits", "fashion-mnist", "linear-map", "mnist", "xor"]
    found = {name: (platform.peer, platform.variants) for name, platform in PLATFORMS.registered.items()}
    assert found == {
        "bindsnet": (True, ("online",)),
        "brian2": (False, ("cython", "numpy")),
        "lava": (False, ("emulator", "fast", "stock")),
        "nest": (False, ("compiled", "dopamine")),
        "nest-eprop": (True, ("online",)),
        "norse": (True, ("batch1", "batch32")),
        "reference": (False, ("oracle", "steps")),
        "scikit-learn": (True, ("batch1", "batch32")),
        "snntorch": (True, ("batch1", "batch32")),
    }
    assert [name for name, platform in PLATFORMS.registered.items() if platform.threads] == [
        "bindsnet",
        "nest",
        "nest-eprop",
        "norse",
        "scikit-learn",
        "snntorch",
    ]


def test_a_name_that_is_none_is_refused_with_all_names():
    with pytest.raises(InputError) as caught:
        CASES.named("digit")
    assert str(caught.value) == (
        "case is 'digit' but must be one of digits, fashion-mnist, linear-map, mnist, xor (did you mean 'digits'?); or "
        "a file of your own, whose name ends in .py"
    )


# --- the folder


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A package with a module that says what a `Tool` is; returns what writes another module."""
    package = tmp_path / "toolbox"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "base.py").write_text("class Tool:\n    def __init__(self, name):\n        self.name = name\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield lambda name, text: (package / f"{name}.py").write_text(textwrap.dedent(text))
    for name in [name for name in sys.modules if name.partition(".")[0] == "toolbox"]:
        del sys.modules[name]


def toolbox():
    from toolbox.base import Tool  # type: ignore[import-not-found]

    return Registry("toolbox", "TOOL", Tool)


def test_every_module_but_the_one_that_says_what_it_is_and_packages_is_a_registration(folder, tmp_path):
    folder("saw", "from .base import Tool\nTOOL = Tool('a saw')")
    folder("hammer", "from .base import Tool\nTOOL = Tool('hammer')")
    (tmp_path / "toolbox" / "kinds").mkdir()
    (tmp_path / "toolbox" / "kinds" / "__init__.py").write_text("raise RuntimeError('is no registration')")
    assert list(toolbox().registered) == ["hammer", "a saw"]
    assert toolbox().named("a saw").name == "a saw"


@pytest.mark.parametrize("text", ["", "TOOL = 'saw'", "from .base import Tool\nTOOLS = Tool('saw')"])
def test_a_module_without_a_registration_is_a_mistake(folder, text):
    folder("saw", text)
    with pytest.raises(InputError, match=r"^toolbox\.saw has no TOOL of the type Tool$"):
        _ = toolbox().registered


def test_two_of_one_name_are_a_mistake(folder):
    for name in ("hammer", "saw"):
        folder(name, "from .base import Tool\nTOOL = Tool('one')")
    with pytest.raises(InputError, match=r"^toolbox\.saw is a second TOOL of the name 'one'$"):
        _ = toolbox().registered


# --- files outside the package


def test_what_a_file_holds_is_found_again(tmp_path, monkeypatch):
    path = a_case(tmp_path)
    case, file = CASES.read(path)
    assert isinstance(case, Case)
    assert (case.name, case.inputs, case.outputs) == ("majority", 9, 2)
    assert file == File(str(path), hashlib.sha256(path.read_bytes()).hexdigest())
    monkeypatch.chdir(tmp_path)
    assert CASES.find("my_case.py") == (case, file)
    assert CASES.get("majority", file) is case
    assert CASES.find("digits") == (CASES.named("digits"), None)


def test_a_file_may_hold_a_case_and_a_platform(tmp_path):
    path = a_case(tmp_path, (CASE, CASE + a_platform(tmp_path).read_text()))
    assert CASES.read(path)[0].name == "majority"
    assert PLATFORMS.read(path)[0].name == "nearest-mean"


def test_a_file_that_was_read_is_not_needed_again_in_this_process(tmp_path):
    path = a_case(tmp_path)
    case, file = CASES.read(path)
    path.unlink()
    assert CASES.get("majority", file) is case


def test_a_file_that_is_edited_is_another_one(tmp_path):
    path = a_case(tmp_path)
    case, file = CASES.read(path)
    a_case(tmp_path, ("hidden=20", "hidden=30"))
    again, other = CASES.read(path)
    assert (case.hidden, again.hidden) == (20, 30)
    assert other != file


def test_two_files_of_one_name_in_two_folders_do_not_meet(tmp_path):
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        a_case(tmp_path / str(number), ('"majority"', f'"majority-{number}"'))
    assert [CASES.read(tmp_path / str(number) / "my_case.py")[0].name for number in (1, 2)] == [
        "majority-1",
        "majority-2",
    ]


WANTED = r"a Case \(benchmarks\.cases\.base\)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", f" has no CASE, but must hold {WANTED} under this name$"),
        ("CASES = 3", f" has no CASE, but must hold {WANTED} under this name$"),
        ("CASE = 'digits'", f": CASE is 'digits' but must be {WANTED}$"),
        ("x = 1\nif x\n", r" can't be used: line 2: SyntaxError: expected ':'$"),
        ("def f(:\n", r" can't be used: line 1: SyntaxError: "),
        ("x = 1\0\n", r" can't be used: .*null bytes"),
        ("\n\n1 / 0\n", r" can't be used: line 3: ZeroDivisionError: division by zero$"),
        ("import nowhere_at_all\n", r" can't be used: line 1: ModuleNotFoundError: No module named 'nowhere_at_all'$"),
        ("raise SystemExit('enough')\n", r" can't be used: line 1: SystemExit: enough$"),
        (
            "def made():\n    raise ValueError('no')\n\nCASE = made()\n",
            r" can't be used: line 2: ValueError: no$",
        ),
        (
            CASE.replace("inputs=9", "inputs=0"),
            r" can't be used: line \d+: InputError: inputs of the case majority is 0 but must be a whole number of at",
        ),
        (
            CASE.replace('"majority"', '"xor"'),
            r": CASE has the name 'xor', which is taken: it must be none of digits, fashion-mnist, linear-map, mnist, ",
        ),
    ],
)
def test_a_file_that_can_not_be_used_says_why_and_what_is_allowed(tmp_path, text, said):
    path = tmp_path / "mine.py"
    path.write_text(text)
    before = set(sys.modules)
    with pytest.raises(InputError, match=r"^/.*mine\.py" + said):
        CASES.read(path)
    # What could not be run is not left behind.
    assert not text or "can't be used" not in said or set(sys.modules) == before


def test_a_file_that_can_not_be_read_says_why(tmp_path):
    with pytest.raises(InputError, match=r"none\.py can't be read: No such file or directory$"):
        CASES.find(str(tmp_path / "none.py"))
    (tmp_path / "folder.py").mkdir()
    with pytest.raises(InputError, match=r"folder\.py can't be read: Is a directory$"):
        PLATFORMS.find(str(tmp_path / "folder.py"))


def test_a_file_of_something_else_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"my_case\.py has no PLATFORM, but must hold a BenchmarkPlatform"):
        PLATFORMS.read(a_case(tmp_path))


# --- names


@pytest.mark.parametrize("name", ["a", "8x8", "my-case", "my_case", "v1.2", "A+B"])
def test_a_name_may_hold_letters_digits_and_some_signs(name):
    assert check_name("it", name) == name


@pytest.mark.parametrize("name", ["", "-a", "a b", "a/b", "a:b", "x.py", "ä", "a\n", None, 3])
def test_what_can_not_stand_in_a_command_or_a_file_name_is_no_name(name):
    with pytest.raises(InputError, match=r"^it is .* but must begin with a letter or digit, hold only letters, "):
        check_name("it", name)
