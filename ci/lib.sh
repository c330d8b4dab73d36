# shellcheck shell=bash
# Sourced by the scripts beside it: where things are, how to speak, a run, kernels by name, a private
# apt, and reports.

ci=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck disable=SC2034 # used where this file is sourced
root=$(dirname "$ci")
# A service manager need not set it, and one that is no absolute path would mean another place in each
# directory; the program asks the user database then, too, and so does it pass over the two below.
[[ ${HOME:-} == /* ]] || HOME=$(getent passwd "$UID" | cut -d : -f 6 || true)
export HOME
[[ ${XDG_CACHE_HOME:-} == /* ]] || XDG_CACHE_HOME=$HOME/.cache
[[ ${XDG_STATE_HOME:-} == /* ]] || XDG_STATE_HOME=$HOME/.local/state
cache=$XDG_CACHE_HOME/daxtorture
# shellcheck disable=SC2034 # used where this file is sourced
state=$XDG_STATE_HOME/daxtorture

# What comes from an argument or a name is shown, not obeyed: control characters become question marks.
say() {
    local LC_ALL=C said=$* self # In bytes, whatever the locale; U+0080 to U+009F are two.
    self=$(readlink -f "$0")
    said=${said//[[:cntrl:]]/?}
    printf '%s: %s\n' "${self#"${ci%/*}"/}" "${said//$'\xc2'[$'\x80'-$'\x9f']/?}" >&2
}
die() {
    say "$*"
    exit 1
}

# help_for ARGUMENT...: where one of them, before any --, asks for help, prints the comment at the head
# of the script, which begins with its usage, and ends it.
help_for() {
    local argument
    for argument; do
        case $argument in
        --) return ;;
        -h | --help)
            printf 'usage: '
            sed -n '2,/^[^#]/{/^# shellcheck/d;s/^# \{0,1\}//p}' "$0"
            exit 0
            ;;
        esac
    done
}

# Begins the command of a run, which gets SIGTERM when this shell is gone, even by SIGKILL: it would hold
# a machine for hours that nobody waits for. No function: behind & that would be a shell between the two.
# shellcheck disable=SC2034 # used where this file is sourced
daxtorture=(setpriv --pdeathsig TERM -- "$ci/daxtorture")

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

# archives [security]: the archives of Debian, or of its security updates, that this machine's own apt is
# set up for, a URI a line, so that a mirror, a proxy or a local archive serves here, too. First come
# those whose lists are there and say that they are Debian's; of the others the suites' names must do,
# and what is not Debian's fails the check of its signature. DAXTORTURE_ARCHIVE and
# DAXTORTURE_SECURITY_ARCHIVE name another.
archives() {
    local names='bookworm|trixie|forky|sid|oldoldstable|oldstable|stable|testing|unstable'
    local suites="^($names)(-updates|-backports)?\$" chosen=${DAXTORTURE_ARCHIVE:-}
    if [[ ${1:-} == security ]]; then
        suites="^($names)-security\$" chosen=${DAXTORTURE_SECURITY_ARCHIVE:-}
    fi
    if [[ -n $chosen ]]; then
        printf '%s\n' "$chosen"
        return
    fi
    # shellcheck disable=SC2016 # apt fills them in.
    local fields='$(COMPONENT) $(RELEASE) $(REPO_URI) $(ORIGIN)'
    {
        # An apt that cannot tell knows of none.
        apt-get indextargets --format "$fields" 'Created-By: Packages' | awk '$4 == "Debian"' || true
        apt-get indextargets --no-release-info --format "$fields" 'Created-By: Packages' || true
    } | awk -v suites="$suites" '$1 == "main" && $2 ~ suites && !seen[$3]++ { print $3 }'
}

# Makes the private apt of one Debian release, bookworm or trixie, ready to use: sources, lists,
# archives and locks of its own in the cache, so that it needs no root and the machine's apt never
# sees those suites. Only dpkg's status is shared, read-only, to know which libraries are there.
apt_update() {
    local archive security found
    apt=$cache/apt/$1
    mkdir -p "$apt"/{lists,cache/archives}/partial "$apt/preferences.d"
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
    security=$(archives security | head -n 1)
    while read -r archive; do
        found=yes
        {
            source_of "$archive" "$1 $1-updates $1-backports"
            [[ -z $security ]] || source_of "$security" "$1-security"
        } >"$apt/debian.sources"
        if private_apt get -qq update -o APT::Update::Error-Mode=any </dev/null; then
            say "Debian's $1 comes from $archive${security:+ and $security}"
            return
        fi
    done < <(archives)
    [[ -n ${found:-} ]] ||
        die "apt is set up for no archive of Debian's; DAXTORTURE_ARCHIVE may name one"
    die "cannot read Debian's package lists ($1); is the network there? nothing was changed"
}

# source_of URI SUITES: an entry of apt's sources for Debian's suites there.
source_of() {
    cat <<SOURCES
Types: deb
URIs: $1
Suites: $2
Components: main
Architectures: amd64
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

SOURCES
}

# private_apt get|cache ...: apt-get or apt-cache on the lists that apt_update brought last.
private_apt() { "apt-$1" -c "$apt/apt.conf" "${@:2}"; }

# pattern NAME: an extended regular expression of the releases that NAME stands for, as ci/fetch-kernel
# explains it.
pattern() {
    local version=${1%-*}
    case $1 in
    [0-9]*.[0-9]*[!0-9.]*) ;;
    [0-9]*.[0-9]*) set -- "$1-cloud" ;;
    esac
    case $1 in
    *-amd64) printf '%s' "${1//[.+]/\\&}" ;;
    *-cloud) printf '%s' "${version//./\\.}\.[0-9]+(-[0-9]+)?(\+[a-z0-9]+)?-cloud-amd64" ;;
    *-generic) printf '%s' "${version//./\\.}\.[0-9]+(-[0-9]+)?(\+[a-z0-9]+)?-amd64" ;;
    *) die "'$1' names no kernel; say 6.1, 6.1-cloud, 6.1-generic or 6.1.0-50-cloud-amd64" ;;
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

# fields REPORT NAME...: what a report directory says of each (daxtorture report --field), a line each.
fields() {
    local report=$1 options=() name
    for name in "${@:2}"; do options+=(--field "$name"); done
    "$ci/daxtorture" report "$report" "${options[@]}"
}
