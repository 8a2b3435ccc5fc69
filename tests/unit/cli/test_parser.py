"""A command line that is not understood: what was meant, and the help of what was wrong."""

from __future__ import annotations

import subprocess

import pytest

from benchmarks.arguments import parser as benchmarks_parser
from pynn_backprop.cli.completion import SHELLS
from pynn_backprop.cli.main import COMMANDS, main, whole_parser
from pynn_backprop.cli.parser import CommandParser, did_you_mean

ERRORS = {
    "trian": """\
pynn-backprop: error: there is no command 'trian'; did you mean train?
see pynn-backprop --help
""",
    "zzz": """\
pynn-backprop: error: there is no command 'zzz'
see pynn-backprop --help
""",
    "train nest --hiden 3": """\
pynn-backprop train: error: unrecognized arguments: --hiden; did you mean --hidden?
see pynn-backprop train --help
""",
    "train nest --epochs=x": """\
pynn-backprop train: error: argument --epochs: invalid int value: 'x'
  --epochs N            passes over the samples (default: 10)
see pynn-backprop train --help
""",
    "demo --quiet --verbose": """\
pynn-backprop demo: error: argument -v/--verbose: not allowed with argument -q/--quiet
  -v, --verbose         say what is read, built and written, too
see pynn-backprop demo --help
""",
}


@pytest.mark.parametrize(("words", "said"), ERRORS.items())
def test_an_error_says_what_was_meant_and_its_help(capsys, words, said):
    with pytest.raises(SystemExit) as leaving:
        whole_parser().read(words.split())
    assert leaving.value.code == 2
    assert capsys.readouterr().err == said


def test_benchmarks_help_likewise(capsys):
    with pytest.raises(SystemExit):
        benchmarks_parser().read(["rn"])
    with pytest.raises(SystemExit):
        benchmarks_parser().read(["run", "--sample", "3", "--case", "digits", "--pears"])
    said = capsys.readouterr().err
    assert "there is no command 'rn'; did you mean run?" in said
    assert "unrecognized arguments: --pears; did you mean --peers?" in said


def test_what_was_given_is_known_even_if_it_is_the_default():
    options = whole_parser().read(["train", "nest", "--epochs", "10", "--no-shuffle", "--record", "h", "-q"])
    assert options.given == {"simulator", "epochs", "no_shuffle", "record", "quiet"}
    several = benchmarks_parser().read(["run", "--case", "digits", "--case", "xor", "--seed", "1"])
    assert several.given == {"case", "seed"}
    assert several.case == ["digits", "xor"]


def test_nothing_is_meant_by_what_is_far_from_all():
    assert did_you_mean(["zzz"], ["train", "map"]) == ""
    assert did_you_mean(["--epoch", "--sede"], ["--epochs", "--seed"]) == "; did you mean --epochs, --seed?"


def test_examples_end_the_help():
    parser = CommandParser(prog="tool sub", examples=[("sub --x", "do x")])
    assert parser.format_help().endswith("examples:\n  tool sub --x\n      do x\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_examples(capsys, command):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert f"examples:\n  pynn-backprop {command}" in capsys.readouterr().out


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_knows_commands_and_options(capsys, shell):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(word in script for word in (*COMMANDS, "hidden-threshold"))


def test_bash_completes_with_it(capsys, folder):
    assert main(["completion", "bash"]) == 0
    program = capsys.readouterr().out + (
        "\nCOMP_WORDS=(pynn-backprop train --hid); COMP_CWORD=2; COMP_LINE='pynn-backprop train --hid'; COMP_POINT=25"
        "\n_shtab_pynn_backprop; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["--hidden", "--hidden-threshold"], done.stderr
