import { basename, dirname, join } from "node:path";
import { transformSync } from "esbuild";
import { expect, test } from "vitest";
import { modulesIn } from "../support/documents/source-files.ts";

/** The rooms, from the top down: a module imports from its own room and from rooms further down. */
const ROOMS: readonly string[] = [
  "src/cli",
  "src/cli/setup",
  "src/setup",
  "src/cli/completion",
  "src/cli/quick",
  "src/cli/broker",
  "src/cli/watch",
  "src/cli/ask",
  "src/cli/batch",
  "src/cli/fleet",
  "src/cli/handoff",
  "src/cli/review",
  "src/cli/stats",
  "src/cli/command",
  "src/cli/output",
  "src/cli/edge",
  "src/broker/lead",
  "src/broker/lead/task",
  "src/broker/worker",
  "src/broker/command",
  "src/broker/socket",
  "src/broker/store",
  "src/review/report",
  "src/review/run",
  "src/review/proof",
  "src/review/turn",
  "src/review/target",
  "src/review/memory",
  "src/review/verdict",
  "src/review/answer",
  "src/review/finding",
  "src/machines",
  "src/fleet/batch",
  "src/fleet/worker",
  "src/fleet/coordinator",
  "src/fleet/wire",
  "src/fleet/engine",
  "src/fleet/seal",
  "src/batch/report",
  "src/batch/run",
  "src/batch/place",
  "src/batch/schedule",
  "src/batch/check",
  "src/batch/plan",
  "src/orchestrate/apart",
  "src/orchestrate/delegation",
  "src/orchestrate/request",
  "src/orchestrate/queue",
  "src/handoff/run",
  "src/workspace/commit",
  "src/handoff/judge",
  "src/handoff/facts",
  "src/handoff/check",
  "src/handoff/source",
  "src/handoff/contract",
  "src/handoff/patterns",
  "src/handoff/document",
  "src/workspace/travel",
  "src/workspace/worktree/bring-together",
  "src/workspace/worktree",
  "src/workspace/write",
  "src/ask/run",
  "src/ask/report",
  "src/ledger/page",
  "src/ledger",
  "src/ask/turn",
  "src/ask/session",
  "src/ask/prompt",
  "src/ask/model",
  "src/workspace/watch",
  "src/workspace/snapshot",
  "src/workspace/git",
  "src/codex/turn",
  "src/codex/sandbox",
  "src/codex",
  "src/claude",
  "src/process",
  "src/files/config",
  "src/files/kept",
  "src/files",
  "src/bounds",
  "src/text",
  "src/errors.ts",
];

const MAX_LINES = 200;

const MAX_FILES = 24;

const modules = modulesIn("src");

test("a module imports downwards only", () => {
  const upwards = modules.flatMap(({ path, text }) => {
    const own = roomOf(path);
    const targets = importsOf(path, text).map((target) => ({ target, ...roomOf(target) }));
    const wrong = targets.filter(({ name, height }) => name !== own.name && height >= own.height);
    return wrong.map(({ target }) => `${path} imports ${target}`);
  });
  expect(upwards).toEqual([]);
});

test("there is no import cycle", () => {
  const graph = new Map(modules.map(({ path, text }) => [path, importsOf(path, text)]));
  expect(cycleIn(graph)).toBeNull();
});

test("a room has at most 24 modules", () => {
  const inside = (room: string) => modules.filter(({ path }) => dirname(path) === room).length;
  expect(ROOMS.filter((room) => inside(room) > MAX_FILES)).toEqual([]);
});

test("no module's name repeats its room's", () => {
  const repeating = modules.filter(({ path }) => basename(path).startsWith(`${basename(dirname(path))}-`));
  expect(repeating.map(({ path }) => path)).toEqual([]);
});

test("a module has at most 200 lines", () => {
  const lengths = modules.map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }));
  expect(lengths.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
});

test("a module has named exports only, and passes on none of another", () => {
  const other = /^export (default\b|\*|\{[^}]*\bdefault\b|(type )?\{[^}]*\} from\b)/m;
  expect(modules.filter(({ text }) => other.test(text)).map(({ path }) => path)).toEqual([]);
});

// A child has our environment unless it is given one, and "the same with a little more" cannot be said without naming it.
const INHERITS = "src/workspace/git/one-process.ts";

test("only src/cli/edge touches the command line, the environment, stdio and the exit code", () => {
  const edge =
    /\bprocess\s*\.\s*(argv|env|stdin|stdout|stderr|exit|exitCode)\b|\bconsole\s*\.|\{[^}]*\}\s*from\s*"(node:)?process"/g;
  const touching = modules.flatMap(({ path, text }) => {
    if (path.startsWith("src/cli/edge/") || path === INHERITS) return [];
    // The code alone: a comment may speak of `process.env`.
    const { code } = transformSync(text, { loader: "ts", sourcefile: path });
    return (code.match(edge) ?? []).map((found) => `${path}: ${found}`);
  });
  expect(touching).toEqual([]);
});

test("no signal has a time limit that a garbage collection can take: bounds/time-limit.ts is what makes them", () => {
  const using = modules.filter(({ text }) => /\bAbortSignal\s*\.\s*(timeout|any)\s*\(/.test(text));
  expect(using.map(({ path }) => path)).toEqual([]);
});

test("only src/codex names a method of the app-server, or matches what Codex says in words", () => {
  const method = /"(?:initialized?|(?:thread|turn|item|account|config|model)\/[\w/]+)"/g;
  const matched = /\/[^/\n]+\/\w*\.(?:test|exec)\(error\.message|message\.(?:match|includes|startsWith)\(/g;
  const speaking = modules.flatMap(({ path, text }) => {
    const allowed = path.startsWith("src/codex/") ? ["src/codex/sentences.ts", "src/codex/classify-problem.ts"] : [];
    if (allowed.includes(path)) return [];
    const { code } = transformSync(text, { loader: "ts", sourcefile: path });
    const found = path.startsWith("src/codex/")
      ? code.match(matched)
      : [...(code.match(method) ?? []), ...(code.match(matched) ?? [])];
    return (found ?? []).map((part) => `${path}: ${part}`);
  });
  expect(speaking).toEqual([]);
});

test("many files are never opened all at once: bounds/in-batches.ts takes a few at a time", () => {
  const many = modules.filter(({ text }) => /\bPromise\.all(?:Settled)?\(\s*[\w.]+(?:\([^()]*\))?\.map\(/.test(text));
  expect(many.map(({ path }) => path)).toEqual([]);
});

/** The modules of ours that a module imports, types and `import()` included. */
function importsOf(path: string, text: string): readonly string[] {
  const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)];
  return specifiers.map(([, specifier = ""]) => join(dirname(path), specifier));
}

function roomOf(path: string): { name: string; height: number } {
  const name = path === "src/errors.ts" ? path : dirname(path);
  const index = ROOMS.indexOf(name);
  if (index === -1) throw new Error(`${path} is in no room: design it a place, then name it in ROOMS`);
  return { name, height: ROOMS.length - index };
}

/** A cycle as a list of modules, or null. */
function cycleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return null;
    for (const target of graph.get(path) ?? []) {
      const cycle = visit(target, [...trail, path]);
      if (cycle !== null) return cycle;
    }
    done.add(path);
    return null;
  };
  for (const path of graph.keys()) {
    const cycle = visit(path, []);
    if (cycle !== null) return cycle;
  }
  return null;
}
