# Read by the launchers beside it, which have put their own path, free of links, into $self: starts the compiled program of
# the same name. It finds Node also where PATH does not lead to it, and says what is missing.

set -u

fail() {
  printf '[ERROR] %s\n' "$@" >&2
  exit 3
}

folder=${self%/*}
scripts=$(CDPATH='' cd -P -- "${folder:-/}" && pwd) || fail "cannot enter $folder"
program=${self##*/}
program=$scripts/${program%.sh}

# Prints the version of the Node "$1", without its v.
version_of() {
  version=$("$1" --version 2>/dev/null </dev/null) || return 1
  case $version in
    v[0-9]*.[0-9]*) ;;
    *) return 1 ;;
  esac
  printf '%s\n' "${version#v}"
}

new_enough() {
  major=${1%%.*}
  minor=${1#*.}
  minor=${minor%%.*}
  [ "$major" -gt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -ge 19 ]; }
}

home=${HOME:-/nonexistent}
too_old=
node=
for candidate in \
  "$(command -v node 2>/dev/null)" \
  "${NVM_BIN:-/nonexistent}/node" \
  "${VOLTA_HOME:-$home/.volta}/bin/node" \
  /opt/homebrew/bin/node /usr/local/bin/node /home/linuxbrew/.linuxbrew/bin/node /usr/bin/node \
  "${NVM_DIR:-$home/.nvm}"/versions/node/*/bin/node \
  "$home"/.local/share/fnm/node-versions/*/installation/bin/node \
  "$home"/.local/share/mise/installs/node/*/bin/node \
  "$home"/.asdf/installs/nodejs/*/bin/node; do
  [ -x "$candidate" ] && found=$(version_of "$candidate") || continue
  if new_enough "$found"; then
    node=$candidate
    break
  fi
  too_old=${too_old:-"$candidate is Node $found, which is too old"}
done

if [ -z "$node" ]; then
  fail "${too_old:-Node was not found}. Install Node 20.19 or newer (https://nodejs.org), then run it again."
fi
if [ ! -f "$program" ]; then
  fail "$program is not built. Run: cd '${scripts%/*}' && npm ci"
fi
exec "$node" "$program" "$@"
