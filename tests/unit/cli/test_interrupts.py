"""Ctrl-C and SIGTERM as a polite request."""

from __future__ import annotations

import signal

import pytest

from pynn_backprop.cli.interrupts import StopRequest


@pytest.mark.parametrize("number", StopRequest.SIGNALS)
def test_the_first_signal_only_sets_a_flag_and_says_so(capsys, number):
    with StopRequest() as stop:
        assert not stop()
        signal.raise_signal(number)
        assert stop()
    assert "Stopping after the present run, with a checkpoint" in capsys.readouterr().err


@pytest.mark.parametrize("first", StopRequest.SIGNALS)
def test_ctrl_c_after_a_first_signal_stops_at_once(first):
    with StopRequest() as stop:
        signal.raise_signal(first)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert stop()


def test_a_second_sigterm_changes_nothing():
    with StopRequest() as stop:
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        assert stop()


@pytest.mark.parametrize("error", [None, RuntimeError, KeyboardInterrupt])
def test_the_handlers_are_restored(error):
    before = [signal.getsignal(number) for number in StopRequest.SIGNALS]
    try:
        with StopRequest():
            assert not set(before).intersection(signal.getsignal(number) for number in StopRequest.SIGNALS)
            if error:
                raise error
    except (RuntimeError, KeyboardInterrupt):
        pass
    assert [signal.getsignal(number) for number in StopRequest.SIGNALS] == before
