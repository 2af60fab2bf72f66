# Finds a Python that can carry the set-up, installs the system's where there is none, and hands over to script/lib.
# Sourced by the entry points; knows nothing of what they do.

start() { # COMMAND [arguments…]
    local lib python
    lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
    python=$(suitable_python) || { install_python && python=$(suitable_python); } || {
        echo "script/$1: Python 3.11 or newer with venv is needed (apt-get install python3 python3-venv)" >&2
        exit 69
    }
    unset PYTHONHOME PYTHONPATH
    exec "$python" "$lib/main.py" "$@"
}

suitable_python() { # prints the path; the system's own first: it is there tomorrow, an activated environment may not be
    local candidate
    for candidate in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

install_python() {
    local as_root=() version
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    echo "  installing Python (apt)" >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null >&2 || return 1
    for version in "" .13 .12 .11; do # Ubuntu 22.04's python3 is 3.10, its python3.11 is a package beside it
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
            -o DPkg::Lock::Timeout=300 "python3$version" "python3$version-venv" </dev/null >/dev/null || continue
        suitable_python >/dev/null && return 0
    done
    return 1
}
