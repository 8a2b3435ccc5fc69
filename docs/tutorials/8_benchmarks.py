"""
8. Benchmarks
=============

The same network, sample by sample, on every platform: accuracy, spikes, operations, time, memory, energy. ``python -m
benchmarks`` is a tool of the repository; it runs each row in a process of its own.
"""

# %%
# A few rows
# ----------
# The digits on three platforms and by scikit-learn's network in float, 200 samples of each.

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import benchmarks

checkout = Path(benchmarks.__file__).parents[1]
folder = tempfile.mkdtemp()
command = "run --case digits --platform nest lava reference scikit-learn --samples 200 --test-samples 100 --epochs 1"
environment = {**os.environ, "PYTHONPATH": str(checkout), "COLUMNS": "110"}
done = subprocess.run(
    [sys.executable, "-m", "benchmarks", *command.split(), "--repeats", "1", "--count-samples", "20", "--out", folder],
    env=environment, capture_output=True, text=True,
)  # fmt: skip
print(done.stdout.replace(folder, "benchmark-results") or done.stderr)

# %%
# What a row holds
# ----------------
# Everything that was measured, with machine and versions, as a line of JSON.

import json

row = json.loads((Path(folder) / "results.jsonl").read_text().splitlines()[0])
for name in ("case", "platform", "status", "correct", "metrics"):
    print(name, json.dumps(row[name]))

# %%
# "Correct" means that every weight and every answer is that of the integer rule.
#
# A case of your own
# ------------------
# A case is a file with a ``CASE`` in it, a platform a file with a ``PLATFORM``; :doc:`/extending` has both. ``python
# -m benchmarks compare A.jsonl B.jsonl`` says what changed beyond the noise, and ``report`` writes one HTML page with
# all tables and plots.

import shutil

print(sorted(path.name for path in Path(folder).iterdir() if not path.name.startswith(".")))
shutil.rmtree(folder)
