#!/bin/sh
# Prints the path of a Python that is new enough, or one line on stderr that says what to do.
#
# A name on PATH proves nothing: a pyenv shim called python3.13 is there and fails while that version is not selected,
# and `python3` may be 3.11. So each candidate is run and asked. What is printed is the real interpreter, never a shim.
set -u

asked() {
    # -I: neither the folder we are in nor PYTHON* variables have a say. venv: some systems package it separately.
    "$1" -I -c 'import sys
if sys.version_info < (3, 12) or sys.implementation.name != "cpython":
    sys.exit(1)
import venv
print(sys.executable)' 2>/dev/null </dev/null
}

try() {
    [ -n "$1" ] || return 0
    path=$(asked "$1") && [ -n "$path" ] && { printf '%s\n' "$path"; exit 0; }
    return 0
}

# What the caller names comes first, and is not replaced silently.
if [ -n "${PYTHON:-}" ]; then
    try "$PYTHON"
    echo "PYTHON=$PYTHON is not a Python 3.12 or newer." >&2
    exit 1
fi

for name in python3.13 python3.12 python3.14 python3 python; do
    try "$(command -v "$name" 2>/dev/null)"
done

# pyenv's versions that are installed but not selected; newest first.
for root in "${PYENV_ROOT:-}" "${HOME:-}/.pyenv"; do
    [ -d "$root/versions" ] || continue
    for minor in 13 12 14; do
        for path in "$root/versions/3.$minor."*/bin/python; do
            [ -x "$path" ] && try "$path"
        done
    done
done

# uv's own, without letting it download one.
if command -v uv >/dev/null 2>&1; then
    for version in 3.13 3.12 3.14; do
        try "$(UV_PYTHON_DOWNLOADS=never uv python find --no-project "$version" 2>/dev/null </dev/null)"
    done
fi

for path in /opt/homebrew/bin/python3.1[2-9] /usr/local/bin/python3.1[2-9] /usr/bin/python3.1[2-9]; do
    [ -x "$path" ] && try "$path"
done

echo "No Python 3.12 or newer found: install one (for example 'uv python install 3.13' or 'pyenv install 3.13'), or name it: make PYTHON=/path/to/python3.13 …" >&2
exit 1
