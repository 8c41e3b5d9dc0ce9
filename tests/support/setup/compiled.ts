import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { install } from "../machine/install.ts";
import { NODE_PACKAGE } from "../machine/nodes.ts";
import { ROOT } from "../paths.ts";
import { NEWEST, NODES, VERSIONS } from "../versions.ts";
import { SUITE } from "./suites.ts";

/** Compiles the programs where they are older than their source, and fetches what the tests of this suite run them with. */
export async function setup(): Promise<void> {
  const compile = async () => execa("tsx", ["build.ts"], { cwd: ROOT, preferLocal: true, stdin: "ignore" });
  await Promise.all([isCompiled() ? undefined : compile(), fetchPrograms()]);
}

function isCompiled(): boolean {
  if (![...COMPILED, LAST].every((path) => existsSync(join(ROOT, path)))) return false;
  return Math.max(...sources().flatMap(timesBelow)) < statSync(join(ROOT, LAST)).mtimeMs;
}

const COMPILED = [
  "scripts/ask_codex",
  "scripts/codex_broker",
  "scripts/ask-codex",
  "scripts/parts",
  "scripts/files.json",
];
/** What the build makes when it has made all else. */
const LAST = "dist/plugin";
const APART = new Set([".git", "dist", "node_modules", "scripts", "tests"]);

function sources(): readonly string[] {
  const packed = readdirSync(join(ROOT, "scripts")).map((name) => join("scripts", name));
  const here = readdirSync(ROOT).filter((name) => !APART.has(name));
  return [...here, ...packed.filter((path) => !COMPILED.includes(path)), "node_modules/.package-lock.json"];
}

/** Those of a folder as well: a file that was taken away has none. */
function timesBelow(path: string): readonly number[] {
  const found = statSync(join(ROOT, path));
  return found.isDirectory()
    ? [found.mtimeMs, ...readdirSync(join(ROOT, path)).flatMap((name) => timesBelow(join(path, name)))]
    : [found.mtimeMs];
}

/** Fetches the versions of Codex and Node that the tests of this suite need. */
export async function fetchPrograms(): Promise<void> {
  const versions = VERSIONS.filter((version) => version !== NEWEST);
  const nodes = SUITE === "matrix" ? Object.values(NODES) : [];
  await Promise.all([
    ...versions.map((version) => install("@openai/codex", version)),
    ...nodes.map((version) => install(NODE_PACKAGE, version)),
  ]);
}
