#!/bin/sh
# run.sh FUZZER CORPUS SECONDS: fuzzes for a while, from a corpus that stays as it is. What broke is
# left in the working folder, and the way to run it again is printed.
set -u
fuzzer=$1 corpus=$2 seconds=$3
if [ ! -x "$fuzzer" ]; then
  echo "SKIPPED: there is no ${fuzzer##*/}; it needs clang-16 and libclang-rt-16-dev, then ./check"
  exit 77
fi
found=$(mktemp -d) || exit 2
trap 'rm -rf "$found"' EXIT
[ -d "$corpus" ] || corpus=$found
# The short runs begin alike, so that what they find does not change from day to day.
seed=0
[ "$seconds" -gt 10 ] || seed=1
# An input may take a minute, which is a hang whatever else the machine does.
"$fuzzer" -seed=$seed -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 -max_len=65536 \
  -print_final_stats=1 -verbosity=0 -artifact_prefix="${fuzzer##*/}-" "$found" "$corpus" && exit 0
echo "again: $fuzzer $PWD/${fuzzer##*/}-FILE, the file named above"
exit 1
