#!/bin/sh
# The full run whose results are in benchmarks/results: about ten minutes on two cores, more if NEST's and Brian2's
# extensions have to be compiled first.
#   sh benchmarks/full_run.sh [FOLDER]      (PYTHON=... for another Python; MNIST and Fashion-MNIST must be there)
# Interrupted, the same command does what is missing.
set -eu
cd "$(dirname "$0")/.."
out=${1:-benchmarks/results}
python=${PYTHON:-.venv/bin/python}

run() {
    # Status 1 says that a row failed: the row says why, and the rest goes on.
    "$python" -m benchmarks run --out "$out" --resume "$@" || [ $? -eq 1 ]
}

# The published network on the first 1,000 samples of MNIST, and peers on the same.
run --case mnist --samples 1000 --test-samples 1000 \
    --platform nest brian2 lava reference:all scikit-learn:all snntorch:batch32
# What takes longer for a sample: fewer of them, once.
run --case mnist --samples 300 --test-samples 300 --repeats 1 --platform nest:dopamine brian2:numpy snntorch:batch1
run --case digits --hidden 20 --samples 10 --test-samples 10 --epochs 1 --repeats 1 --count-samples 2 \
    --time-limit 120 --platform lava:stock
# Three seeds of one epoch of digits.
run --case digits --epochs 1 --seed 0 1 2 --repeats 1 --platform nest scikit-learn:batch1 snntorch:batch32
run --case digits --epochs 1 --repeats 1 --platform nest-eprop
run --case fashion-mnist --samples 200 --test-samples 200 --platform nest lava reference
# Scaling with the size of the hidden layer.
run --case mnist --samples 100 --test-samples 100 --hidden 50 100 200 400 800 1600 --repeats 1 --platform nest lava
# Graded values.
run --case linear-map --repeats 1 --platform nest brian2 lava reference:all
run --case xor --repeats 1 --platform nest lava reference
