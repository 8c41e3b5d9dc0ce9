import { ASKS_WHO } from "../codex/turn/codex-there.ts";

/**
 * What is run on a machine, by bash, with umask 077. Arguments: the folder of all tasks, the run's id, then what is named. The marker is
 * another than here: a machine may be this one, where the end of the app-server must not end the exec-server.
 */

/** The machine's own settings of git, such as filters, must not change files on their way. */
const PLAIN_GIT = "export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1";

/**
 * Arguments: Codex, whose login will be used; the run's id names a folder to try things in. Prints what there is, a `key=value` a line.
 * Codex gets a home there: it would leave files in the user's. Only who is logged in is asked with the user's own.
 */
export const INSPECT = `set -e; mkdir -p "$1"; cd "$1"; mkdir "$2"; trap "" PIPE; trap 'rm -rf "$PWD/$2"' EXIT
mkdir "$2/codex" "$2/tree"; export CODEX_HOME="$PWD/$2/codex"
echo "git=$(git version 2>/dev/null || true)"
echo "codex=$("$3" --version 2>/dev/null || true)"
"$3" exec-server --help 2>/dev/null | grep -q -- --ws-auth && echo ws_auth=yes
"$3" sandbox -P :workspace -C "$PWD/$2/tree" true </dev/null >/dev/null 2>&1 && echo sandbox=yes
[ "$4" = own ] && { unset CODEX_HOME; coproc SERVER { exec "$3" app-server 2>/dev/null; }; server=$SERVER_PID
printf '%s\\n' ${ASKS_WHO.map((line) => `'${line}'`).join(" ")} >&"\${SERVER[1]}"
while read -r -t 30 line; do case $line in *'"id":2'*) echo "account=$line"; break; esac; done <&"\${SERVER[0]}"; kill "$server"; :; } 2>/dev/null
[ -r /proc/self/environ ] && echo proc=yes
echo "free_kb=$(df -Pk . | awk 'NR == 2 { print $4 }')"`;

/**
 * Says hello, and makes nothing before it hears a line. Of stdin then: a bundle. Arguments: its commit, the kind of its hashes. Prints the
 * folder of the run.
 */
export const PREPARE = `set -e; echo hello; read -r _; ${PLAIN_GIT}
mkdir -p "$1"; cd "$1"; mkdir "$2"; cd "$2"; mkdir codex tree judge.git; cat >bundle
for at in judge.git tree; do [ $at = tree ] && bare= || bare=--bare
git init --quiet $bare --template= --object-format="$4" $at; git -C $at bundle unbundle ../bundle >/dev/null; done
rm bundle; git -C tree checkout --quiet --detach "$3"; pwd -P`;

/** Ends every process of the run that one of these variables marks, and removes its folder. */
const clear = (marks: string) => `for round in 1 2 3 4 5 6 7 8; do left=0
for entry in $(grep -lsazxE "ASK_CODEX_(${marks})=$2" /proc/[0-9]*/environ); do
left=1; p=\${entry#/proc/}; kill -KILL "\${p%/environ}" 2>/dev/null
done; [ "$left" = 0 ] && break; sleep 0.1; done
rm -rf "$1/$2"`;

/**
 * Arguments: Codex, the hash of the token. Lives until its stdin ends, and then clears up, so that it also does when the coordinator or
 * ssh was killed; says so when the exec-server ends before.
 */
export const SERVE = `[ "$ASK_CODEX_SERVES" ] || ASK_CODEX_SERVES=$2 exec bash -c "$BASH_EXECUTION_STRING" bash "$@"
cd "$1/$2" || exit; at=$PWD; exec 3<&0; export CODEX_HOME="$at/codex" ASK_CODEX_THERE="$2"
"$3" exec-server --listen ws://127.0.0.1:0 --ws-auth capability-token --ws-token-sha256 "$4" </dev/null 3<&- & server=$!
{ cat; kill "$server"; cd /; unset ASK_CODEX_THERE; set -- "\${at%/*}" "$2"
${clear("RUN|THERE")}; } <&3 >/dev/null 2>&1 &
exec 3<&-; wait "$server"; echo "exec-server ended"; wait`;

/** Argument: none. Lives until its stdin ends, and then clears up as the above does. */
export const GUARD = `[ "$ASK_CODEX_SERVES" ] || ASK_CODEX_SERVES=$2 exec bash -c "$BASH_EXECUTION_STRING" bash "$@"
cd "$1" || exit; set -- "$PWD" "$2"; cd /; echo guarding; cat >/dev/null
${clear("RUN|THERE")}`;

/** Arguments: Codex, and its own. Codex itself, in the work tree. */
export const CODEX = `cd "$1/$2/tree" || exit; export ASK_CODEX_THERE="$2"; codex=$3; shift 3; exec "$codex" "$@"`;

/** Run here: hands further arguments to the command line of ssh. Arguments: how many words ssh has, those words, the others. */
export const HANDED_ON = `n=$1; shift; ssh=("\${@:1:n}"); shift "$n"; printf -v line '%q ' "$@"
exec "\${ssh[@]}" "bash -c '\${line//\\'/\\'\\\\\\'\\'}'"`;

/** Argument: a file. Prints it. */
export const RECORD = `cat -- "$3"`;

/** Argument: the commit. The judge's repository is not the one that the work could configure. Prints a patch. */
export const RESULT = `set -e; ${PLAIN_GIT}; cd "$1/$2"; export GIT_DIR="$PWD/judge.git" GIT_WORK_TREE="$PWD/tree"; cd tree
git read-tree "$3"; git add --all .
own=$(git diff --cached --raw --no-renames "$3" | awk -F '\\t' '$1 ~ /^:[0-7]+ 160000 / { print $2; exit }')
[ -z "$own" ] || { echo "a git repository in it cannot travel: $own" >&2; exit 65; }
git diff --cached --binary --full-index --no-renames --no-ext-diff --no-textconv --no-color "$3"`;

/** Ends what serves the run, too. Prints "swept" when no process of the run runs any more and its folder is gone. */
export const SWEEP = `${clear("RUN|THERE|SERVES")}; [ "$left" = 0 ] && [ -r /proc/self/environ ] && [ ! -e "$1/$2" ] && echo swept`;

/**
 * Run here: hands the command line of a check (see run-check.ts) to the machine, with the machine's own PATH. Arguments: the run's id, the
 * folder, how many words ssh has, those words, how many variables, those as NAME=VALUE (a PATH goes before the machine's own).
 */
export const CHECK = `run=$1 folder=$2 n=$3; shift 3; ssh=("\${@:1:n}"); shift "$n"; n=$1; shift; vars=("\${@:1:n}"); shift "$n"
printf -v line "export ASK_CODEX_THERE=%q; cd %q && printf '%%s\\\\n' %q" "$run" "$folder" "$5"
for var in "\${vars[@]}"; do value=\${var#*=}; printf -v value %q "$value"
[ "\${var%%=*}" = PATH ] && value="$value:\\$PATH"; line="$line && export \${var%%=*}=$value"; done
printf -v line '%s && exec bash -c %q </dev/null' "$line" "$7"
exec "\${ssh[@]}" "bash -c '\${line//\\'/\\'\\\\\\'\\'}'"`;
