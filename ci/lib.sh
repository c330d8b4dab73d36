# shellcheck shell=bash
# Sourced by the scripts beside it: where things are, how to speak, kernels by name, a private apt, and
# reports.

ci=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck disable=SC2034 # used where this file is sourced
root=$(dirname "$ci")
# A service manager need not set it; the program asks the user database, too.
: "${HOME:=$(getent passwd "$UID" | cut -d : -f 6 || true)}"
export HOME
cache=${XDG_CACHE_HOME:-$HOME/.cache}/daxtorture

say() { printf '%s: %s\n' "ci/${0##*/}" "$*" >&2; }
die() {
    say "$*"
    exit 1
}

# Waits until no other fetch works on the cache, and gives this one $work, a directory beside the
# final place (so that the last step is one rename), which is gone when the script ends.
begin_fetch() {
    mkdir -p "$cache"
    exec {fetch_lock}>"$cache/lock"
    flock "$fetch_lock"
    rm -rf "$cache"/work.* # Of a fetch that was killed; whoever holds the lock is alone here.
    work=$(mktemp -d "$cache/work.XXXXXX")
    trap 'rm -rf "$work"' EXIT
}

# Makes the private apt of one Debian release, bookworm or trixie, ready to use: sources, lists,
# archives and locks of its own in the cache, so that it needs no root and the machine's apt never
# sees those suites. Only dpkg's status is shared, read-only, to know which libraries are there.
apt_update() {
    apt=$cache/apt/$1
    mkdir -p "$apt"/{lists,cache/archives}/partial "$apt/preferences.d"
    cat >"$apt/debian.sources" <<SOURCES
Types: deb
URIs: http://deb.debian.org/debian
Suites: $1 $1-updates $1-backports
Components: main
Architectures: amd64
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://deb.debian.org/debian-security
Suites: $1-security
Components: main
Architectures: amd64
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
    # The machine's own apt.conf.d stays in force (a proxy may be set there), less its hooks.
    cat >"$apt/apt.conf" <<CONF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::sourcelist "$apt/debian.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$apt/preferences.d";
Dir::State "$apt";
Dir::State::lists "$apt/lists";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$apt/cache";
Dir::Cache::archives "$apt/cache/archives";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
APT::Sandbox::User "root";
Debug::NoLocking "true";
CONF
    private_apt get -qq update -o APT::Update::Error-Mode=any ||
        die "cannot read Debian's package lists ($1); is the network there? nothing was changed"
}

# private_apt get|cache ...: apt-get or apt-cache on the lists that apt_update brought last.
private_apt() { "apt-$1" -c "$apt/apt.conf" "${@:2}"; }

# pattern NAME: an extended regular expression of the releases that NAME stands for, as ci/fetch-kernel
# explains it.
pattern() {
    local version=${1%-*}
    case $1 in
    *-amd64) printf '%s' "${1//[.+]/\\&}" ;;
    *-cloud) printf '%s' "${version//./\\.}\.[0-9]+(-[0-9]+)?(\+[a-z0-9]+)?-cloud-amd64" ;;
    *-generic) printf '%s' "${version//./\\.}\.[0-9]+(-[0-9]+)?(\+[a-z0-9]+)?-amd64" ;;
    *) die "'$1' names no kernel; say 6.1-cloud, 6.1-generic or 6.1.0-50-cloud-amd64" ;;
    esac
}

# kernel_directory NAME: the newest such kernel's directory in the cache, fetched if there is none.
kernel_directory() {
    local release
    "$ci/fetch-kernel" "$1" || return 1
    release=$(find "$cache/kernels" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' |
        grep -xE "$(pattern "$1")" | sort -V | tail -n 1) || return 1
    printf '%s/kernels/%s\n' "$cache" "$release"
}

# A report.json has one member a line, its own members indented by two spaces.

# value REPORT KEY: the number or string at KEY.
value() { sed -nE "s/^  \"$2\": \"?([^\",]*)\"?,?\$/\1/p" "$1"; }

# total REPORT KEY [MEMBER]: the sum of the counters in the object at KEY, or the one called MEMBER.
total() {
    awk -v key="\"$2\":" -v member="${3:+\"$3\":}" '
        /^  [^ ]/ { inside = $1 == key; next }
        inside && (member == "" || index($0, member)) { sum += $NF } # A name may be of several words.
        END { printf "%.0f\n", sum }' "$1"
}
