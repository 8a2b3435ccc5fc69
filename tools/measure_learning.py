"""Measure how well a rule learns, over several seeds and as a committee: the figures of docs/learning.md.

    python tools/measure_learning.py --data mnist --crop 20 --hidden 400 --epochs 20

takes the options of `pynn-backprop train`, but for several `--seeds`, learns by the rule (`--variant steps`: in spikes,
by the compiled step simulator) and answers the test samples by output spikes.  With `--out` the weights are kept, so
that the same command, or one that differs in the read-out only, need not learn again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pynn_backprop.checks import check_count
from pynn_backprop.cli.choices import add_choices, add_code, add_group, chosen
from pynn_backprop.data.samples import Samples
from pynn_backprop.learning.evaluation import Evaluation, answering_circuit, evaluate, together
from pynn_backprop.learning.training import Trainer
from pynn_backprop.platforms import get_platform
from pynn_backprop.runs.config import DATA, NETWORK, RULE, TRAINING, RunConfig
from pynn_backprop.runs.prepare import circuit_of, initial_weights_of, presentation_of, samples_of
from pynn_backprop.weights import Weights, load_weights, save_weights


@dataclass(frozen=True)
class Result:
    """What one network came to."""

    answers: Evaluation
    ms_per_sample: float


def trained(config: RunConfig, samples: Samples, out: Path | None) -> tuple[Weights, float]:
    """The weights after all epochs, and ms a sample; those of an earlier call if there are any."""
    told = json.dumps({**config.as_dict(), "readout_levels": None, "data": samples.fingerprint}, sort_keys=True)
    kept = out / f"{hashlib.sha256(told.encode()).hexdigest()[:16]}.npz" if out else None
    if kept and kept.exists():
        return load_weights(kept), float("nan")
    circuit = circuit_of(config, samples)
    trainer = Trainer(
        get_platform(config.simulator, config.options),
        circuit,
        presentation_of(config, samples),
        thinning=config.learning_rule.thinning,
    )
    start = initial_weights_of(config, circuit, samples)
    weights, progress = trainer.train(samples.x_train, samples.y_train, start)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        save_weights(kept, weights)
    return weights, 1000 * progress.seconds / progress.shown


def measured(config: RunConfig, samples: Samples, out: Path | None) -> Result:
    """How one network learns and answers."""
    weights, ms = trained(config, samples, out)
    answering = answering_circuit(circuit_of(config, samples), config.learning_rule.readout_levels)
    answers = evaluate(get_platform("reference"), answering, samples.x_test, weights)
    return Result(answers, ms)


def arguments() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for group in (DATA, NETWORK, RULE, TRAINING):
        add_group(parser, group, but=("seed",))
    add_code(parser)
    add_choices(parser, "variant")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--out", type=Path, help="folder for weights")
    return parser


def main() -> None:
    """Measure what the command line asks for."""
    asked = arguments().parse_args()
    check_count("the number of seeds", len(asked.seeds))
    config = RunConfig(simulator="reference", **chosen(asked))
    samples, start, results = samples_of(config), time.perf_counter(), []
    scores: list[float] = []
    for seed in asked.seeds:
        results.append(measured(replace(config, seed=seed), samples, asked.out))
        said = results[-1].answers.score(samples.y_test)
        scores.append(100 * said.by_spikes)
        print(
            f"seed {seed}: {said.by_spikes:.2%} by spikes, {said.by_single_spikes:.2%} by single spikes, "
            f"{said.by_potential:.2%} by potential, {said.all_right:.2%} all right, {said.ties} ties, "
            f"{results[-1].ms_per_sample:.4f} ms a sample",
            flush=True,
        )
    spread = np.std(scores, ddof=1) if len(scores) > 1 else 0.0
    committee = together([result.answers for result in results]).score(samples.y_test)
    print(
        f"{config.learning_rule}: mean {np.mean(scores):.2f} ± {spread:.2f} %, {min(scores):.2f} to {max(scores):.2f}, "
        f"of {len(scores)} seeds; together {committee.by_spikes:.2%}; {time.perf_counter() - start:.0f} s"
    )


if __name__ == "__main__":
    main()
