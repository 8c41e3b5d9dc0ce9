import { dirname, join } from "node:path";
import { transformSync } from "esbuild";
import { expect, test } from "vitest";
import { modulesIn } from "../support/source-files.ts";

/** From the top down: a module imports from its own folder and from what stands in a later line, never beside it. */
const LAYERS = [
  ["src/cli"],
  ["src/setup"],
  ["src/broker"],
  ["src/handoff"],
  ["src/ask"],
  ["src/workspace", "src/codex"],
  ["src/process"],
  ["src/files"],
  ["src/errors.ts"],
] as const;

const MAX_LINES = 200;

const modules = modulesIn("src");

test("a module imports downwards only", () => {
  const upwards = modules.flatMap(({ path, text }) => {
    const own = layerOf(path);
    const targets = importsOf(path, text).map((target) => ({ target, ...layerOf(target) }));
    const wrong = targets.filter(({ name, height }) => name !== own.name && height >= own.height);
    return wrong.map(({ target }) => `${path} imports ${target}`);
  });
  expect(upwards).toEqual([]);
});

test("there is no import cycle", () => {
  const graph = new Map(modules.map(({ path, text }) => [path, importsOf(path, text)]));
  expect(cycleIn(graph)).toBeNull();
});

test("a module has at most 200 lines", () => {
  const lengths = modules.map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }));
  expect(lengths.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
});

test("a module has named exports only, and passes on none of another", () => {
  const other = /^export (default\b|\*|\{[^}]*\bdefault\b|(type )?\{[^}]*\} from\b)/m;
  expect(modules.filter(({ text }) => other.test(text)).map(({ path }) => path)).toEqual([]);
});

test("only src/cli touches the command line, the environment, stdio and the exit code", () => {
  const edge =
    /\bprocess\s*\.\s*(argv|env|stdin|stdout|stderr|exit|exitCode)\b|\bconsole\s*\.|\{[^}]*\}\s*from\s*"(node:)?process"/g;
  const touching = modules.flatMap(({ path, text }) => {
    if (path.startsWith("src/cli/")) return [];
    // The code alone: a comment may speak of `process.env`.
    const { code } = transformSync(text, { loader: "ts", sourcefile: path });
    return (code.match(edge) ?? []).map((found) => `${path}: ${found}`);
  });
  expect(touching).toEqual([]);
});

/** The modules of ours that a module imports, types and `import()` included. */
function importsOf(path: string, text: string): readonly string[] {
  const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)];
  return specifiers.map(([, specifier = ""]) => join(dirname(path), specifier));
}

function layerOf(path: string): { name: string; height: number } {
  for (const [index, layer] of LAYERS.entries()) {
    const name = layer.find((entry) => path === entry || path.startsWith(`${entry}/`));
    if (name !== undefined) return { name, height: LAYERS.length - index };
  }
  throw new Error(`${path} is in no layer: design it a place, then name it in LAYERS`);
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
