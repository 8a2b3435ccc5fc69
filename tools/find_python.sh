#!/bin/sh
# Prints the Python to build .venv with: a working CPython 3.10, wherever on this machine it is.
#
#     sh tools/find_python.sh                      looks everywhere for Python 3.10
#     PYTHON=python3.12 sh tools/find_python.sh    looks everywhere for Python 3.12
#     PYTHON=FILE sh tools/find_python.sh          takes this one, if it works
#
# A Python counts only if it was run: a pyenv shim may be on PATH and still fail, and Debian splits off what `venv` needs.
# When there is none: exit status 1, and on stderr what to do. FIND_PYTHON_ROOT=DIR looks for the folders outside $HOME
# and PATH (/usr/bin, /opt/...) under DIR instead; the tests use it.
set -u

wanted=3.10
others='3.11 3.12 3.13'
root=${FIND_PYTHON_ROOT-}
home=${HOME-}
ask=${PYTHON-}

found=
refused=
newline='
'

# Run by each candidate, with the accepted versions as arguments. Prints "ok FILE" or "no REASON".
probe='
import importlib, os, struct, sys
version = "%d.%d" % sys.version_info[:2]
if version not in sys.argv[1:]:
    print("other is Python %s" % version)
elif sys.implementation.name != "cpython" or "free-threading" in sys.version:
    print("no is not the standard CPython, for which the simulators are built")
elif struct.calcsize("P") != 8:
    print("no is a 32-bit Python")
else:
    executable = sys.executable
    if sys.prefix != sys.base_prefix:  # in a virtual environment, which may be the one to be rebuilt
        executable = os.path.join(sys.base_prefix, "bin", "python" + version)
    missing = []
    for name in ("venv", "ensurepip", "ssl", "zlib", "bz2", "lzma", "ctypes"):
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    if {"venv", "ensurepip"} & set(missing):
        print("no cannot make virtual environments (on Debian and Ubuntu: apt-get install python%s-venv)" % version)
    elif missing:
        print("no was built without " + ", ".join(missing))
    elif not os.access(executable, os.X_OK):
        print("no is a virtual environment whose Python is gone")
    else:
        print("ok " + executable)
'

# try FILE VERSION...: sets $found when FILE is a working Python of one of the versions.
try() {
    [ -z "$found" ] && [ -f "$1" ] && [ -x "$1" ] || return 0
    try_file=$1
    shift
    try_answer=$("$try_file" -I -c "$probe" "$@" </dev/null 2>/dev/null)
    try_status=$?
    case $try_answer in
        "ok "*) found=${try_answer#ok } ;;
        "no "*) refused="$refused  $try_file ${try_answer#no }$newline" ;;
        "other "*) [ -z "$ask" ] || refused="$refused  $try_file ${try_answer#other }$newline" ;;
        # A plain `python` may well be something else; only a file that promises the version is worth a word.
        *) case $try_file in
            */python3.*) refused="$refused  $try_file does not run (exit status $try_status)$newline" ;;
            *) [ -z "$ask" ] || refused="$refused  $try_file is no Python 3 that runs$newline" ;;
        esac ;;
    esac
}

# try_path NAME VERSION...: each NAME on PATH, not only the first, which may be a shim that fails.
try_path() {
    path_name=$1
    shift
    path_ifs=$IFS
    IFS=:
    set -f
    for path_folder in ${PATH-}; do
        IFS=$path_ifs
        try "${path_folder:-.}/$path_name" "$@"
    done
    IFS=$path_ifs
    set +f
}

# try_uv VERSION: what uv knows of, not counting virtual environments.
try_uv() {
    [ -z "$found" ] && command -v uv >/dev/null 2>&1 || return 0
    uv_file=$(uv python find --system "$1" 2>/dev/null </dev/null || uv python find "$1" 2>/dev/null </dev/null)
    [ -z "$uv_file" ] || try "$uv_file" "$1"
}

# look VERSION: everywhere.
look() {
    try_path "python$1" "$1"
    for name in python3 python; do
        try_path "$name" "$1"
    done
    for pyenv in "${PYENV_ROOT-}" "${home:+$home/.pyenv}"; do
        [ -n "$pyenv" ] || continue
        for file in "$pyenv/versions/$1"*/bin/python"$1"; do
            try "$file" "$1"
        done
    done
    try_uv "$1"
    for folder in ${home:+"$home/.local/bin" "$home/.local/share/uv/python/"*"-$1."*/bin \
            "$home/.asdf/installs/python/$1"*/bin "$home/.local/share/mise/installs/python/$1"*/bin} \
            "$root/usr/local/bin" "$root/usr/bin" "$root/opt/python/"*/bin "$root/opt/python$1/bin" \
            "$root/opt/homebrew/bin" "$root/opt/local/bin" \
            "$root/Library/Frameworks/Python.framework/Versions/$1/bin"; do
        try "$folder/python$1" "$1"
    done
    for conda in "${CONDA_PREFIX-}" "${MAMBA_ROOT_PREFIX-}" "$root/opt/conda" "$root/opt/miniconda3" \
            ${home:+"$home/miniconda3" "$home/anaconda3" "$home/miniforge3" "$home/mambaforge" "$home/micromamba" \
            "$home/.conda"}; do
        [ -n "$conda" ] || continue
        for file in "$conda/bin/python$1" "$conda/envs/"*/bin/python"$1"; do
            try "$file" "$1"
        done
    done
}

say() {
    printf '%s\n' "$@" >&2
}

say_refused() {
    [ -z "$refused" ] || printf '\nLooked at and not taken:\n%s' "$refused" >&2
}

# --- a Python was asked for

if [ -n "$ask" ]; then
    case $ask in
        */*) try "$ask" "$wanted" $others ;;
        *)
            version=${ask#python}
            case " $wanted $others " in
                *" $version "*) look "$version" ;;
                *) try_path "$ask" "$wanted" $others ;;
            esac ;;
    esac
    if [ -z "$found" ]; then
        say "PYTHON=$ask: this is not a working Python 3.10, 3.11, 3.12 or 3.13."
        [ -n "$refused" ] || say 'There is no such program (a name is looked for on PATH, and python3.X everywhere).'
        say_refused
        exit 1
    fi
    printf '%s\n' "$found"
    exit 0
fi

# --- none was asked for: 3.10, on which every platform runs

look "$wanted"
if [ -z "$found" ] && command -v uv >/dev/null 2>&1; then
    say "There is no Python $wanted here; trying: uv python install $wanted"
    uv python install "$wanted" >&2 </dev/null && try_uv "$wanted"
fi
if [ -n "$found" ]; then
    printf '%s\n' "$found"
    exit 0
fi

why=$refused
for version in $others; do
    look "$version"
done
other=$found
refused=$why

say "No working Python $wanted was found. It is the version on which every platform runs." '' \
    'Install it in one of these ways, then repeat the command:' '' \
    "  pyenv:            pyenv install $wanted" \
    "  uv:               uv python install $wanted" \
    "  conda:            conda create -n python$wanted python=$wanted" \
    "  Debian, Ubuntu:   sudo apt-get install python$wanted python$wanted-venv" \
    "                    (newer Ubuntus first: sudo add-apt-repository ppa:deadsnakes/ppa)" '' \
    "If there is one in a place that was not looked at: make test PYTHON=FILE (the same for make demo)."
if [ -n "$other" ]; then
    say '' "Or use the newer Python that is here:" '' \
        "  make test PYTHON=$other" '' \
        'NEST and Brian2 work with it. The Lava platform (the arithmetic of Loihi) does not: lava-nc does not install on' \
        'Python 3.11 and newer, so its tests are skipped.'
else
    say '' "A Python 3.11, 3.12 or 3.13 would do too, all but the Lava platform (make test PYTHON=python3.12), but none" \
        'that works was found either.'
fi
say_refused
exit 1
