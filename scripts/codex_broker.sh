#!/bin/sh
# Starts the compiled codex_broker beside this file; kept for callers of the old name. All but the way there is in launch.sh.

set -u

# Where this file really lies. macOS has long had no `readlink -f`.
self=$0
while [ -h "$self" ]; do
  target=$(readlink -- "$self") || exit 3
  case $target in
    /*) self=$target ;;
    *) self=${self%"${self##*/}"}$target ;;
  esac
done
case $self in
  */*) ;;
  *) self=./$self ;;
esac
[ -f "${self%/*}/launch.sh" ] || {
  printf '[ERROR] %s is missing. Get the whole folder anew.\n' "${self%/*}/launch.sh" >&2
  exit 3
}
. "${self%/*}/launch.sh"
