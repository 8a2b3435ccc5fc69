#!/bin/sh
# The full run whose results are in benchmarks/results: 20 to 25 minutes on two cores that do nothing else.
#   sh benchmarks/full_run.sh [FOLDER]        PYTHON=... for another Python; MNIST and Fashion-MNIST must be there
#   sh benchmarks/full_run.sh FOLDER alone    and 20 epochs of MNIST on NEST alone, and Lava's own engine: 45 minutes more
# Peers that are not installed (pip install 'pynn_backprop[peers]') are rows that say so.
# Interrupted, the same command does what is missing: rows wait in FOLDER.part. In the end they take the place of those
# in FOLDER, with their report, and README.md is brought up to date.
set -eu
cd "$(dirname "$0")/.."
out=${1:-benchmarks/results}
alone=${2:-}
python=${PYTHON:-.venv/bin/python}

run() {
    # Status 1 says that a row failed: the row says why, and the rest goes on.
    "$python" -m benchmarks run --out "$out.part" --rows-only --resume "$@" || [ $? -eq 1 ]
}

# The published network, a whole training: by the rule with three seeds, and the platforms a thousand samples of it.
whole="--case mnist"
run $whole --platform reference --seed 0 1 2 --repeats 1
run --case mnist --validation 5000 --epochs 22 --platform reference --test-samples 1000 --repeats 1
run $whole --platform reference --rule published --repeats 1
run $whole --stretch 600000:601000 --repeats 1 --platform nest brian2 lava reference:steps
run $whole --stretch 600000:601000 --repeats 1 --form published --platform nest lava
run $whole --stretch 600000:601000 --repeats 1 --platform nest --threads 2
run $whole --platform scikit-learn:batch32 --repeats 1
# Equal and short training: everything beside everything, rates of the peers by samples that are held out.
short="--case mnist --samples 1000 --validation 1000 --test-samples 1000 --epochs 1 --tune"
run $short --platform nest brian2 lava reference:all scikit-learn:all snntorch:batch32 norse:batch32
run $short --platform snntorch:batch1 bindsnet --repeats 1
# Until 95 % of 5,000 samples that are held out are right.
until="--case mnist --validation 5000 --until 0.95 --epochs 4 --test-samples 1000 --repeats 1 --time-limit 240 --tune"
run $until --platform reference nest scikit-learn:all snntorch:batch32 norse:batch32
# Three seeds of a whole training that NEST does alone, and peers after the same.
run --case digits --seed 0 1 2 --repeats 1 --platform nest reference
run --case digits --repeats 1 --platform scikit-learn:all snntorch:batch32 norse:batch32
# E-prop takes more than ten minutes for the thousand images of MNIST above, so it stands here only.
run --case digits --repeats 1 --platform nest-eprop --rates 5e-4
run --case digits --repeats 1 --platform bindsnet
# Forms at every depth, and the published rule; what a form has no place for is skipped with a word.
few="--case digits --epochs 1 --samples 300 --test-samples 100 --repeats 1"
run $few --depth 1 2 3 4 --form "*" --platform nest
run $few --depth 2 --form "*" --rule published --platform nest
run $few --code graded:4 --platform nest lava reference
run $few --samples 100 --platform "nest:d*" "brian2:n*"
# Growth with the size of the hidden layer, and with depth.
growth="--case mnist --samples 200 --test-samples 100 --epochs 1 --repeats 1 --platform nest lava"
run $growth --hidden 50 100 200 400 800 1600 3200
run $growth --depth 1 2 3 4
# Another data set, and graded values.
run --case fashion-mnist --repeats 1 --platform reference
run --case fashion-mnist --repeats 1 --stretch 30000:30200 --test-samples 1000 --platform nest lava
run --case linear-map xor --repeats 1 --platform nest lava reference
if [ "$alone" = alone ]; then
    run --case digits --hidden 20 --samples 10 --test-samples 10 --epochs 1 --repeats 1 --count-samples 2 \
        --time-limit 120 --platform lava:stock
    run $whole --platform nest --repeats 1 --time-limit 7200
fi
mkdir -p "$out"
rm -rf "$out/plots" "$out/tables" "$out/csv"
mv "$out.part/results.jsonl" "$out/results.jsonl"
rm -rf "$out.part"
"$python" -m benchmarks report "$out/results.jsonl"
if [ "$out" = benchmarks/results ]; then
    "$python" -m benchmarks readme "$out/results.jsonl" README.md
fi
