"""``pynn-backprop compare``: train the same network on several platforms, or in several forms, and compare all."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..circuit.training import DEFAULT_FORM, FORMS
from ..errors import InputError
from ..runs.config import DATA, NETWORK, RULE, RunConfig
from .choices import add_choices, add_code, add_group, chosen
from .pictures import add_print, check_print
from .words import simulators

if TYPE_CHECKING:
    from ..comparison.result import Comparison
    from ..data.samples import Samples
    from ..interfaces import Platform

SUMMARY = (
    "Train the same network on several platforms and compare every spike and weight, or in several forms of the "
    "circuit and compare every weight and output; the exit status is 1 if anything differs."
)
SAMPLES, TEST_SAMPLES = 200, 50
"""As many are compared if nothing is asked for."""
WRITTEN = (
    *("data", "label", "crop", "levels", "hidden", "form", "initialisation", "init_weights", "seed", "no_shuffle"),
    *("rule", "output_error", "hidden_threshold", "thinning", "readout_levels", "eta", "w_max", "shift"),
    *("neurons", "dither", "threads"),
)
"""Options that are written with what was found."""
EXAMPLES = (
    ("compare nest brian2 lava --hidden 100", "three simulators, spike by spike"),
    ("compare nest:compiled nest:dopamine reference --samples 50", "two synapses of NEST, and the rule"),
    ("compare nest --form published compact", "two forms of the circuit: same weights, other spikes"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument(
        "platforms",
        nargs="+",
        metavar="PLATFORM",
        help="two or more, or one with several forms; the first is the standard for the others. NAME, NAME:VARIANT or "
        "NAME:VARIANT:LAYOUT, where "
        f"NAME is {simulators()}",
    )
    add_group(parser, DATA, test_samples=str(TEST_SAMPLES))
    network = add_group(parser, NETWORK, but=("form",))
    network.add_argument(
        "--form",
        nargs="+",
        choices=tuple(FORMS),
        default=(DEFAULT_FORM,),
        help=f"of the circuit that learns; of several, weights are compared and spikes set side by side (default: "
        f"{DEFAULT_FORM})",
    )
    add_group(parser, RULE)
    add_code(parser)
    said = {
        "samples": f"learn the first N training samples (default: {SAMPLES})",
        "shuffle": "show samples in the given order",
        "threads": "threads of each simulator (default: 1)",
    }
    add_choices(parser.add_argument_group("training"), "samples", "seed", "shuffle", "shift", "threads", said=said)
    results = parser.add_argument_group("results")
    results.add_argument("--json", metavar="F.json", help="also write everything to a file")
    results.add_argument("--plot", metavar="FILE", help="draw the spikes around the first difference, if there is one")
    add_print(results)


def run(options: argparse.Namespace) -> int:
    """Print the comparison, and write and draw it where `options` say; returns 0 if all is equal, else 1."""
    from .. import plots
    from ..comparison.named import platforms_named
    from ..files import check_writable

    check_print(options)
    if options.json is not None:
        check_writable(options.json)
    forms = tuple(dict.fromkeys(options.form))
    if options.plot is not None:
        plots.check_picture(options.plot)
        if len(forms) > 1:
            raise InputError("--plot draws the first spike that differs, but spikes of several forms are not compared")
    platforms = platforms_named(options.platforms, options.threads, fewest=1 if len(forms) > 1 else 2)
    configs = {form: RunConfig(options.platforms[0], **{**chosen(options), "form": form}) for form in forms}
    samples = _samples(configs[forms[0]])
    if len(forms) > 1:
        return _compare_forms(platforms, configs, samples, options)
    return _compare_platforms(platforms, configs[forms[0]], samples, options)


def _compare_forms(
    platforms: Mapping[str, Platform], configs: Mapping[str, RunConfig], samples: Samples, options: argparse.Namespace
) -> int:
    from ..comparison.forms import compare_forms, name_of
    from ..comparison.forms_result import forms_as_dict
    from ..runs.prepare import circuit_of, initial_weights_of, presentation_of
    from . import terminal_compare, terminal_forms

    config, names = next(iter(configs.values())), list(platforms)
    shown = presentation_of(config, samples)
    circuits = {form: circuit_of(each, samples) for form, each in configs.items()}
    weights = initial_weights_of(config, next(iter(circuits.values())), samples)
    terminal_forms.introduce(circuits, config.data, len(samples.x_train))
    called = [name_of(form, name, len(names)) for form in circuits for name in names]
    with terminal_compare.comparison_progress(called, len(samples.x_train)) as tick:
        comparison = compare_forms(platforms, circuits, samples, weights, presentation=shown, tick=tick)
    terminal_forms.report(comparison)
    _write(forms_as_dict(comparison), samples, options)
    return 0 if comparison.equal else 1


def _compare_platforms(
    platforms: Mapping[str, Platform], config: RunConfig, samples: Samples, options: argparse.Namespace
) -> int:
    from ..comparison.as_dict import as_dict
    from ..comparison.compare import compare
    from ..runs.prepare import circuit_of, initial_weights_of, presentation_of
    from . import terminal_compare as terminal

    circuit = circuit_of(config, samples)
    weights = initial_weights_of(config, circuit, samples)
    terminal.introduce(circuit, config.data, len(samples.x_train), len(samples.x_test))
    with terminal.comparison_progress(list(platforms), len(samples.x_train)) as tick:
        comparison = compare(
            platforms,
            circuit,
            samples,
            weights,
            presentation=presentation_of(config, samples),
            readout_levels=config.learning_rule.readout_levels,
            tick=tick,
        )
    terminal.report(comparison)
    _write(as_dict(comparison), samples, options)
    if options.plot is not None:
        print(_draw_difference(comparison, options))
    return 0 if comparison.equal else 1


def _samples(config: RunConfig) -> Samples:
    """The samples asked for; if none were, the usual number or all that there are."""
    from ..runs.prepare import samples_of

    there = samples_of(config)
    learn = slice(config.samples or SAMPLES)
    ask = slice(config.test_samples or TEST_SAMPLES)
    return replace(
        there,
        x_train=there.x_train[learn],
        y_train=there.y_train[learn],
        x_test=there.x_test[ask],
        y_test=there.y_test[ask],
    )


def _write(found: dict[str, Any], samples: Samples, options: argparse.Namespace) -> None:
    from ..files import write_json
    from ..runs.versions import versions

    if options.json is not None:
        config = {name: getattr(options, name) for name in WRITTEN}
        fingerprint = {"samples_sha256": samples.fingerprint, "versions": versions()}
        write_json(options.json, {**found, "config": config, **fingerprint})
        print(f"written: {options.json}")


def _draw_difference(comparison: Comparison, options: argparse.Namespace) -> str:
    """Draw the spikes around the first difference of the first pair that has one; says what was done."""
    from .. import plots
    from ..comparison.task import TRAINING

    for pair in comparison.pairs:
        if pair.first is not None:
            what, spikes = pair.first
            circuit = comparison.circuit if what == TRAINING else comparison.inference
            assert spikes.first is not None
            assert spikes.around is not None
            names = (pair.standard, pair.other)
            drawn = plots.difference(circuit, spikes.first, spikes.around, names, options.width)
            plots.save(drawn, options.plot, options.dpi)
            return f"drawn: {options.plot}"
    return f"no spike differs, so there is nothing to draw to {options.plot}"
