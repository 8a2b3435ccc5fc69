"""Measure how well a rule learns, over several seeds and as a committee: the tables of docs/learning.md.

    python tools/measure_learning.py --data mnist --crop 20 --hidden 400 --epochs 20 --seeds 0 1 2 3 4

Trains by the rule (``--platform reference``) or in spikes from the first sample to the last (``--steps``), and answers the
test samples by output spikes.  With ``--out`` each seed's weights and scores are kept, so that a repeated command takes
them from there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pynn_backprop.circuit.learning_rule import RULES, LearningRule, learning_rule
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.binary import Binary
from pynn_backprop.data import datasets
from pynn_backprop.data.samples import Samples, load_samples
from pynn_backprop.data.shift import Shift
from pynn_backprop.learning.evaluation import answering_circuit, evaluate, first_firing
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.learning.training import Trainer
from pynn_backprop.platforms import RULE, STEPS, ReferencePlatform
from pynn_backprop.weights import Weights, load_weights, save_weights, starting_weights


@dataclass(frozen=True)
class Setting:
    """What is trained, but for the seed."""

    data: str
    crop: int | None
    levels: int | None
    hidden: tuple[int, ...]
    rule: LearningRule
    epochs: int
    shift: int
    initialisation: str
    variant: str

    def key(self, seed: int) -> str:
        """A short name of files that belong to this setting and seed."""
        said = repr((self, seed))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def trained(setting: Setting, samples: Samples, shape: tuple[int, int], seed: int) -> tuple[Weights, dict[str, Any]]:
    """Weights after all epochs, and what the training says of itself."""
    code = Binary()
    units = (samples.x_train.shape[1], *setting.hidden, samples.n_classes)
    circuit = training_circuit(units, setting.rule.parameters(code), code, form="compact")
    moved = Shift(setting.shift, shape, seed) if setting.shift else None
    trainer = Trainer(
        ReferencePlatform(setting.variant),
        circuit,
        Presentation(setting.epochs, seed, shift=moved),
        thinning=setting.rule.thinning,
    )
    start = starting_weights(circuit, seed, setting.initialisation)
    weights, progress = trainer.train(samples.x_train, samples.y_train, start)
    return weights, {"seconds": progress.seconds, "ms_per_sample": 1000 * progress.seconds / progress.shown}


def answered(setting: Setting, samples: Samples, weights: Weights) -> Any:
    """What the inference circuit answers to the test samples, by the rule."""
    code = Binary()
    units = (samples.x_train.shape[1], *setting.hidden, samples.n_classes)
    circuit = training_circuit(units, setting.rule.parameters(code), code, form="compact")
    answering = answering_circuit(circuit, setting.rule.readout_levels)
    return evaluate(ReferencePlatform(RULE), answering, samples.x_test, weights)


def of_seed(setting: Setting, samples: Samples, shape: tuple[int, int], seed: int, out: Path | None) -> tuple[Any, dict]:
    """The answers and scores of one seed; weights from an earlier call are used again."""
    kept = out / f"{setting.key(seed)}.npz" if out else None
    if kept and kept.exists():
        weights, said = load_weights(kept), json.loads(kept.with_suffix(".json").read_text())
    else:
        weights, said = trained(setting, samples, shape, seed)
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            save_weights(kept, weights)
            kept.with_suffix(".json").write_text(json.dumps(said))
    answers = answered(setting, samples, weights)
    score = answers.score(samples.y_test)
    row = {
        "seed": seed,
        "by_spikes": 100 * score.by_spikes,
        "by_single_spikes": 100 * score.by_single_spikes,
        "by_potential": 100 * score.by_potential,
        "all_right": 100 * score.all_right,
        "ties": score.ties,
        **said,
    }
    return answers.spikes, row


def measured(setting: Setting, seeds: list[int], out: Path | None, quiet: bool = False) -> dict[str, Any]:
    """Scores of all seeds, their mean and spread, and of the committee of them all."""
    dataset = datasets.load(setting.data, setting.crop)
    samples = load_samples(setting.data, setting.crop, setting.levels)
    side = int(np.sqrt(dataset.x_train.shape[1]))
    rows, spikes = [], []
    for seed in seeds:
        fired, row = of_seed(setting, samples, (side, side), seed, out)
        rows.append(row)
        spikes.append(fired.astype(int))
        if not quiet:
            print(
                f"seed {seed}: {row['by_spikes']:.2f} by spikes, {row['by_single_spikes']:.2f} single, "
                f"{row['by_potential']:.2f} by potential, {row['all_right']:.2f} all right, {row['ties']} ties, "
                f"{row['ms_per_sample']:.4f} ms a sample",
                flush=True,
            )
    scores = np.array([row["by_spikes"] for row in rows])
    committee = float(np.mean(first_firing(np.sum(spikes, axis=0)) == samples.y_test)) * 100
    spread = float(scores.std(ddof=1)) if len(seeds) > 1 else 0.0
    return {"mean": float(scores.mean()), "spread": spread, "committee": committee, "rows": rows}


def arguments() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--crop", type=int)
    parser.add_argument("--levels", type=int)
    parser.add_argument("--hidden", type=int, nargs="+", default=[400])
    parser.add_argument("--rule", choices=sorted(RULES), default="margin")
    parser.add_argument("--output-error")
    parser.add_argument("--hidden-threshold", type=int)
    parser.add_argument("--eta", type=int)
    parser.add_argument("--w-max", type=int)
    parser.add_argument("--thinning", default="1", help="one factor an epoch; 1x12,2x12 repeats them")
    parser.add_argument("--readout-levels", type=int)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--shift", type=int, default=0)
    parser.add_argument("--initialisation", default="paper")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--steps", action="store_true", help="learn in spikes, by the compiled step simulator")
    parser.add_argument("--out", type=Path, help="folder for weights")
    return parser


def factors(text: str) -> tuple[int, ...]:
    """``1x3,2`` as (1, 1, 1, 2)."""
    pairs = (part.partition("x") for part in text.split(","))
    return tuple(int(k) for k, _, times in pairs for _ in range(int(times or 1)))


def main() -> None:
    """Measure what the command line asks for."""
    asked = arguments().parse_args()
    rule = learning_rule(
        asked.rule,
        output_error=asked.output_error,
        hidden_threshold=asked.hidden_threshold,
        thinning=factors(asked.thinning),
        eta=asked.eta,
        w_max=asked.w_max,
        readout_levels=asked.readout_levels,
    )
    setting = Setting(
        asked.data,
        asked.crop,
        asked.levels,
        tuple(asked.hidden),
        rule,
        asked.epochs,
        asked.shift,
        asked.initialisation,
        STEPS if asked.steps else RULE,
    )
    start = time.perf_counter()
    result = measured(setting, asked.seeds, asked.out)
    print(
        f"mean {result['mean']:.2f} ± {result['spread']:.2f} of {len(asked.seeds)} seeds, "
        f"together {result['committee']:.2f}; {time.perf_counter() - start:.0f} s"
    )


if __name__ == "__main__":
    main()
