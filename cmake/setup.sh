# Set-up shared by ./rehearse and ./check: Debian packages, then configure and build.
#
# Sourced by a POSIX shell with $root set to the top of the tree. Everything it says goes to stderr;
# what the tools print goes to stderr on a terminal and to build/setup.log otherwise, but for the
# compiler, which always fills the log while its progress is told. It is silent when there is nothing
# to do. Statuses: 2 the machine lacks something that only its owner can give,
# 3 an installation or a build failed.
#
# REHEARSE_INSTALL=no leaves packages alone, for machines where the libraries came another way.
# shellcheck shell=sh disable=SC2154,SC2119

build=$root/build/release
log=$root/build/setup.log
stamp=$root/build/.built  # read by ./rehearse: the tree's place, and older than what was built

say() { printf 'rehearse: %s\n' "$*" >&2; }

# Runs a command with its output where a watcher sees it, or where a log keeps it.
visibly() {
  if [ -t 2 ]; then
    "$@" >&2 </dev/null
  else
    "$@" >>"$log" 2>&1 </dev/null
  fi
}

give_up() {
  if [ ! -t 2 ] && [ -s "$log" ]; then
    tail -n 40 "$log" >&2
    say "the whole log is in $log"
  fi
  say "$1"
  exit 3
}

# The packages of the tiers named by the arguments. A line of packages.txt is "PACKAGE [TIER]"; the
# tier is "run" where none is written.
wanted_packages() {
  while read -r package tier _; do
    case $package in '' | '#'*) continue ;; esac
    for wanted in "$@"; do
      [ "${tier:-run}" = "$wanted" ] && printf '%s\n' "$package"
    done
  done <"$root/packages.txt"
}

missing_packages() {
  packages=$(wanted_packages "$@")
  if command -v dpkg-query >/dev/null 2>&1; then
    # shellcheck disable=SC2086  # one word per package
    present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $packages 2>/dev/null)
  else
    present=
  fi
  for package in $packages; do
    case "
$present
" in *"
installed $package
"*) ;; *) printf '%s ' "$package" ;; esac
  done
}

install_packages() {
  missing=
  [ "${REHEARSE_INSTALL:-yes}" != no ] || return 0
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    say "these Debian 12 packages are needed, and there is no apt-get to install them with:"
    # shellcheck disable=SC2086  # a line for each
    printf '  %s\n' $missing >&2
    say "install their like, then call with REHEARSE_INSTALL=no"
    exit 2
  fi
  as_root=
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      say "these packages are needed; as root: apt-get install $missing"
      exit 2
    fi
    as_root='sudo'
  fi
  say "installing packages: $missing"
  apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600"
  # shellcheck disable=SC2086  # words on purpose
  visibly $apt update || say "apt-get update failed; trying with the lists at hand"
  # shellcheck disable=SC2086
  visibly $apt install -y --no-install-recommends $missing ||
    give_up "apt-get could not install: $missing"
}

# ccache keeps its results in the home directory, which need not be writable.
choose_ccache_folder() {
  [ -z "${CCACHE_DIR:-}" ] || return 0
  cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}
  mkdir -p "$cache/ccache" 2>/dev/null && [ -w "$cache/ccache" ] && return 0
  CCACHE_DIR=$root/build/ccache
  export CCACHE_DIR
}

# configure with-tests|without-tests: where it has not been done (a tree with tests is one without, too),
# and where packages have just come. After that ninja knows when to do it again.
configure() {
  if [ -f "$build/CMakeCache.txt" ]; then
    home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$build/CMakeCache.txt")
    # A tree that was moved or copied with its build folder cannot use it.
    [ "$home" = "$root" ] || rm -rf "$build"
  fi
  tests=ON
  [ "$1" = with-tests ] || tests=OFF
  if [ -f "$build/build.ninja" ] && [ -z "$missing" ]; then
    [ $tests = ON ] && ! grep -q '^BUILD_TESTING:BOOL=ON$' "$build/CMakeCache.txt" || return 0
  fi
  (cd "$root" && visibly cmake --preset release -D BUILD_TESTING=$tests) ||
    give_up "cmake could not configure the build"
}

# One set-up at a time in a tree; a second caller waits for the first.
begin_build() {
  mkdir -p "$root/build" || exit 3
  exec 9>"$root/build/.lock"
  if command -v flock >/dev/null 2>&1 && ! flock -n 9; then
    say "waiting for another set-up in this tree"
    flock 9
  fi
  : >"$log"
  printf '%s\n' "$root" >"$stamp-new"
  choose_ccache_folder
}

end_build() { exec 9>&-; }

# How long `$1` seconds are, in words.
in_words() {
  if [ "$1" -ge 90 ]; then
    printf '%d min' $((($1 + 30) / 60))
  else
    printf '%d s' $((($1 + 9) / 10 * 10))
  fi
}

# Reads what ninja prints, its status being "@ STEPS-DONE STEPS SECONDS ", and tells how far it is:
# on a terminal in a line that is written again, otherwise in a line after a tenth of the steps, at
# most every ten seconds of ninja's clock. What is left is estimated from the mean step so far, once
# there is a twentieth of them. Fails when the last line is "@ failed".
tell_progress() {
  tenth=0 told=0 outcome=0
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    case $line in
      '@ failed') outcome=1 ;;
      '@ '[0-9]*)
        rest=${line#@ }
        finished=${rest%% *} rest=${rest#* }
        steps=${rest%% *} rest=${rest#* }
        seconds=${rest%%[. ]*}
        left=
        if [ $((finished * 20)) -ge "$steps" ] && [ "$seconds" -ge 5 ] &&
          [ "$finished" -lt "$steps" ]; then
          left=", about $(in_words $((seconds * (steps - finished) / finished))) left"
        fi
        [ "$seconds" -ge "$told" ] || tenth=0 told=0  # ninja has begun again
        if [ -t 2 ]; then
          printf '\rrehearse: built %d of %d%s\033[K' "$finished" "$steps" "$left" >&2
        elif [ $((finished * 10 / steps)) -gt "$tenth" ] && [ $((seconds - told)) -ge 10 ]; then
          tenth=$((finished * 10 / steps)) told=$seconds
          say "built $finished of $steps$left"
        fi
        ;;
    esac
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
  return $outcome
}

# Runs ninja with its progress told and its output in the log.
run_ninja() {
  { NINJA_STATUS='@ %f %t %e ' ninja "$@" 2>&1 </dev/null || echo '@ failed'; } | tell_progress &&
    return 0
  [ ! -t 2 ] || tail -n 40 "$log" >&2  # elsewhere give_up does it
  return 1
}

# build_targets TARGET...: all of them without arguments.
build_targets() {
  run_ninja -C "$build" "$@" || give_up "the build failed"
  mv "$stamp-new" "$stamp"
}

# The fuzzers of tests/fuzz, in a folder of their own because they need clang. Where it is missing
# their tests say that they are skipped.
build_fuzzers() {
  command -v clang++-16 >/dev/null 2>&1 || return 0
  if [ ! -f "$root/build/fuzz/build.ninja" ]; then
    (cd "$root" && visibly cmake --preset fuzz) || give_up "cmake could not configure the fuzzers"
  fi
  run_ninja -C "$root/build/fuzz" fuzzers || give_up "the build of the fuzzers failed"
}
