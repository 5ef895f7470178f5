#!/bin/sh
# Runs clang-tidy 16 with the checks of .clang-tidy; every finding is a failure.
#
#   tidy.sh changed [ROOT [DATABASE]]   what differs from the base, headers by themselves
#   tidy.sh all [ROOT [DATABASE]]       every source file, and with it the headers
#
# The base is the commit named by REHEARSE_BASE, else the merge base with origin's default branch,
# else (on that branch, or without one) the commit before. Where there is none, or the checks have
# changed, "changed" looks at all. DATABASE is a folder with compile_commands.json; without one the
# preset "tidy" makes it, which builds nothing.
set -u

mode=${1:-}
root=${2:-$(git rev-parse --show-toplevel)}
database=${3:-}
cd "$root" || exit 2

# The base; empty where there is none.
base_commit() {
  base=${REHEARSE_BASE:-$(git merge-base HEAD origin/HEAD 2>/dev/null)}
  [ -n "$base" ] && [ "$(git rev-parse "$base")" != "$(git rev-parse HEAD)" ] || base=HEAD~1
  git rev-parse --quiet --verify "$base^{commit}"
}

changed_files() {
  git diff --name-only --diff-filter=d "$1"
  git ls-files --others --exclude-standard
}

case $mode in
  all) pattern='\.cpp$' && files=$(git ls-files) || exit 2 ;;
  changed)
    pattern='\.[ch]pp$'
    if base=$(base_commit); then
      files=$(changed_files "$base")
    else
      files=.clang-tidy
    fi
    if printf '%s\n' "$files" | grep -qx '\.clang-tidy'; then
      pattern='\.cpp$' && files=$(git ls-files)
    fi
    ;;
  *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
files=$(printf '%s\n' "$files" | grep -E "$pattern")
[ -n "$files" ] || { echo "no C++ file has changed" && exit 0; }

if ! command -v clang-tidy-16 >/dev/null 2>&1; then
  echo "SKIPPED: clang-tidy-16 is not installed"
  exit 77
fi
if [ -z "$database" ]; then
  database=build/tidy
  cmake --preset tidy >/dev/null || exit 2
fi

# The compiler's own warnings are g++'s business, whose flags clang does not know all of.
# shellcheck disable=SC2016  # for the inner shell
printf '%s\n' "$files" | xargs -P "$(getconf _NPROCESSORS_ONLN)" -n 1 sh -c '
  said=$(clang-tidy-16 -p "$0" --quiet --warnings-as-errors="*" --extra-arg=-Wno-error \
           --extra-arg-before=-Wno-unknown-warning-option "$1" 2>&1) && exit 0
  printf "%s\n" "$said" | grep -vE "^([0-9]+ warnings?( and [0-9]+ errors?)?|[0-9]+ errors?) (generated|treated as errors)"
  exit 1' "$database" || exit 1
echo "clang-tidy finds nothing in $(printf '%s\n' "$files" | wc -l) files"
