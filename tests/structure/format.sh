#!/bin/sh
# format.sh ROOT [CLANG-FORMAT]: checks the layout of all C++ files against .clang-format.
set -u
cd "$1" || exit 2
formatter=${2:-}
if [ ! -x "$formatter" ]; then
  echo "SKIPPED: clang-format-14 is not installed"
  exit 77
fi
find . -path ./build -prune -o -path ./node_modules -prune -o \
  \( -name '*.cpp' -o -name '*.hpp' \) -type f -print0 |
  xargs -0 "$formatter" --dry-run --Werror --ferror-limit=1 && exit 0
echo "run: clang-format-14 -i on the files above"
exit 1
