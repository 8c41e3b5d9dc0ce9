import { posix } from "node:path";
import type { FileChange } from "../../workspace/git/diff-trees.ts";

/**
 * A test from before the work, with what it loads at the paths where that is now. A file that was only moved must not fail the test that
 * still names its former place.
 */
export function withMovedImports(path: string, text: string, files: readonly FileChange[]): string {
  const moves = files.flatMap(({ from, path: to }) => (from === undefined ? [] : [{ from, to }]));
  if (moves.length === 0) return text;
  return path.endsWith(".py") ? python(text, moves) : quoted(path, text, moves);
}

interface Move {
  readonly from: string;
  readonly to: string;
}

/** Relative paths in quotes, as `import`, `require` and mocks have them. */
function quoted(path: string, text: string, moves: readonly Move[]): string {
  const folder = posix.dirname(path);
  return text.replace(/(["'`])(\.\.?\/[^"'`\n$]*)\1/g, (whole, mark: string, written: string) => {
    const named = posix.join(folder, written);
    const move = moves.find(({ from }) => from === named || stemOf(from) === stemOf(named));
    if (move === undefined) return whole;
    const there = posix.relative(folder, withExtension(move.to, posix.extname(written)));
    return `${mark}${there.startsWith(".") ? there : `./${there}`}${mark}`;
  });
}

/** `lib/a` for lib/a, lib/a.ts, and lib/a/index.js. */
function stemOf(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, "").replace(/\/index$/, "");
}

function withExtension(path: string, extension: string): string {
  return SCRIPT.test(extension) || extension === "" ? `${stemOf(path)}${extension}` : path;
}

const SCRIPT = /^\.[cm]?[jt]sx?$/;

function python(text: string, moves: readonly Move[]): string {
  return moves
    .filter(({ from, to }) => from.endsWith(".py") && to.endsWith(".py"))
    .reduce((now, { from, to }) => {
      const [before, after] = [partsOf(from), partsOf(to)];
      const shared = before.findIndex((part, at) => part !== after[at]);
      // From the root, or from any folder around both that is on the search path.
      const names = Array.from({ length: Math.max(0, shared) + 1 }, (_, drop) =>
        [before, after].map((one) => one.slice(drop).join(".")),
      );
      return names.reduce(
        (changed, [old = "", fresh = ""]) =>
          changed.replace(
            new RegExp(`^(\\s*(?:from|import)\\s+)${old.replaceAll(".", "\\.")}(?![\\w.])`, "gm"),
            `$1${fresh}`,
          ),
        now,
      );
    }, text);
}

function partsOf(path: string): readonly string[] {
  return path.replace(/(?:\/__init__)?\.py$/, "").split("/");
}
