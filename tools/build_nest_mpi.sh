#!/bin/sh
# Builds NEST with MPI into .venv-mpi, an environment of its own (the wheels of NEST have no MPI), with this package in it.
#
#     sh tools/build_nest_mpi.sh            what `make nest-mpi` runs
#     PYTHON=python3.12 sh tools/build_nest_mpi.sh
#
# What is there and up to date stays: NEST is built anew only for another Python, another MPI or another list below, the
# package is installed anew when setup.cfg changes.  Its log is .venv-mpi/build.log; the last line is shown now and then.
# Nothing but .venv-mpi is written to.
set -eu

cd "$(dirname "$0")/.."
folder=.venv-mpi
log=$folder/build.log
here=$(pwd)

nest=3.10.0
# What NEST is built from besides the libraries that are looked for below.
builders='scikit-build-core>=0.10 cython cmake ninja setuptools>=64 wheel'
# All models that pyNN.nest asks for at import, and those of its cells and synapses that the package and its scripts use:
# a fourth of NEST, and of the time that it takes.
models='iaf_psc_delta;iaf_psc_exp;iaf_psc_alpha;iaf_cond_exp;iaf_cond_alpha;parrot_neuron;spike_generator'
models="$models;spike_recorder;multimeter;dc_generator;ac_generator;step_current_generator;noise_generator"
models="$models;poisson_generator;volume_transmitter;static_synapse;stdp_synapse;stdp_dopamine_synapse"
models="$models;tsodyks_synapse;bernoulli_synapse;spike_dilutor"

# --- what is missing, each with the package of Debian and Ubuntu that has it

missing=
packages=
lacks() {
    missing="$missing  $1$newline"
    packages="$packages $2"
}
newline='
'
command -v mpirun > /dev/null 2>&1 || lacks 'mpirun, which starts the processes' openmpi-bin
if command -v mpicxx > /dev/null 2>&1; then
    compiler=mpicxx
else
    lacks 'mpicxx, the C++ compiler with the headers of MPI' libopenmpi-dev
    compiler=c++
fi
if command -v "$compiler" > /dev/null 2>&1; then
    # wants HEADER WHAT PACKAGE
    wants() {
        printf '#include <%s>\n' "$1" | "$compiler" -x c++ -fsyntax-only - > /dev/null 2>&1 || lacks "$2" "$3"
    }
    wants ltdl.h "ltdl.h of GNU's libltdl" libltdl-dev
    wants boost/version.hpp 'the headers of Boost' libboost-dev
    wants gsl/gsl_version.h 'the headers of the GNU Scientific Library' libgsl-dev
else
    lacks 'a C++ compiler' g++
fi
if [ -n "$missing" ]; then
    {
        printf 'NEST with MPI can not be built: there is no\n%s\n' "$missing"
        printf 'On Debian and Ubuntu:  sudo apt-get install%s\n' "$packages"
        printf 'On a cluster: load the modules of a compiler and of MPI, or take NEST from conda-forge; see docs/scaling.md.\n'
    } >&2
    exit 1
fi

# --- one at a time, where there is flock

if command -v flock > /dev/null 2>&1; then
    exec 9< tools/build_nest_mpi.sh
    flock -n 9 || { echo 'Waiting for another build in this folder.'; flock 9 || true; }
fi

python=
if [ -n "${PYTHON-}" ] || [ ! -x $folder/bin/python ]; then
    python=$(PYTHON=${PYTHON-} sh tools/find_python.sh)
else
    python=$(cat $folder/.python 2> /dev/null) || python=$(PYTHON='' sh tools/find_python.sh)
fi
want="$python|$here|$nest|$models|$(mpirun --version 2> /dev/null | head -n 1)"
package=$(cksum < setup.cfg)
has() { [ -f "$folder/$1" ] && [ "$(cat "$folder/$1")" = "$2" ]; }
if has .tools "$want" && has .whole "$want" && has .package "$package"; then
    exit 0
fi

# --- the work; while it goes on the last line of the log is shown, by a loop that ends with its parent

failed() {
    tail -n 25 "$log" >&2
    echo "$1 failed; the whole log is $log. The same command tries again." >&2
    exit 1
}
pip() {
    command=$1
    shift
    $folder/bin/python -m pip "$command" --disable-pip-version-check --no-input "$@" >> "$log" 2>&1 < /dev/null 9<&-
}
start=$(date +%s)
if ! has .tools "$want"; then
    rm -rf $folder
    echo "Building NEST $nest with MPI in $folder with $python: this is done once and takes a quarter of an hour."
    "$python" -m venv $folder
    printf '%s\n' "$python" > $folder/.python
elif ! has .whole "$want"; then
    echo "Going on with the build of NEST $nest in $folder."
fi
rm -f $folder/.package
echo "The log is $log, its last line now and then:"
( while sleep 10 > /dev/null 2>&1 && kill -0 $$ 2> /dev/null; do tail -n 1 "$log" | cut -c 1-100; done ) 9<&- &
shows=$!
trap 'kill $shows 2> /dev/null || true' EXIT
: > "$log"
if ! has .tools "$want"; then
    # Words are meant to be split.  From 4.1 on the wheels of mpi4py use the MPI that is found when they are imported.
    pip install $builders 'mpi4py>=4.1' || failed 'The installation of what NEST is built with'
    pip download --no-deps --no-build-isolation --no-binary nest-simulator -d $folder/source "nest-simulator==$nest" \
        || failed 'The download of NEST'
    tar -xzf $folder/source/nest_simulator-$nest.tar.gz -C $folder/source || failed 'Unpacking NEST'
    printf '%s\n' "$want" > $folder/.tools
fi
if ! has .whole "$want"; then
    # What was compiled stays in the folder of the build, so that one that was stopped goes on.
    PATH="$here/$folder/bin:$PATH" pip install -v --no-build-isolation --no-deps \
        --config-settings=build-dir="$here/$folder/build" --config-settings=cmake.define.with-mpi=ON \
        "--config-settings=cmake.define.with-models=$models" "$folder/source/nest_simulator-$nest" \
        || failed 'The build of NEST'
    pip install 'numpy>=1.25' scipy || failed 'The installation of what NEST needs'
    $folder/bin/python -c 'import nest; assert nest.GetKernelStatus("num_processes") == 1' \
        >> "$log" 2>&1 < /dev/null || failed 'NEST was built, but its import'
    rm -rf $folder/build $folder/source
    printf '%s\n' "$want" > $folder/.whole
fi
pip install --no-build-isolation -e . || failed 'The installation of the package'
printf '%s\n' "$package" > $folder/.package
echo "Ready in $(($(date +%s) - start)) s:  mpirun -n 2 $folder/bin/python docs/examples/learn_digits.py nest"
