import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildResult, build, type Metafile, type Plugin, transform } from "esbuild";
import { planJsonSchema } from "./src/batch/plan/schema.ts";
import { table } from "./src/cli/setup/table.ts";
import { frontMatterJsonSchema } from "./src/handoff/document/schema.ts";
import { FILE_LIST, manifestOf, readSkillPackage } from "./src/setup/skill-package.ts";

/** The programs, and the module each one starts in. */
const PROGRAMS = {
  "scripts/ask_codex": "src/cli/ask_codex.ts",
  "scripts/codex_broker": "src/cli/codex_broker.ts",
  "scripts/ask-codex": "src/cli/ask-codex.ts",
} as const;

const ROOT = dirname(fileURLToPath(import.meta.url));

// Names are kept, so that a stack trace can be read.
const SHARED = { platform: "node", target: "node20.19", minifySyntax: true, minifyWhitespace: true } as const;

// What the commonest calls load, each on its own: what is always loaded together is compiled in one go. A task starts Codex before it
// loads what works with it, and so does this.
const PLAN = ["src/cli/command/prepare-plan.ts", "src/cli/command/defaults.ts", "src/cli/edge/text-input.ts"];
const TASK = ["src/cli/ask_codex.ts", "src/cli/ask/main.ts", "src/cli/ask/run-plan.ts", ...PLAN];
const WITH_CODEX = [
  "src/ask/session/open-launched.ts",
  "src/ask/run/attempt.ts",
  "src/ask/run/conclude.ts",
  "src/ask/run/record.ts",
  "src/ask/report/ledger-entry.ts",
  "src/workspace/snapshot/locate-tree.ts",
  "src/workspace/snapshot/snapshot.ts",
  "src/workspace/snapshot/compare.ts",
];
const OFTEN: readonly (readonly string[])[] = [
  ["src/cli/codex_broker.ts", "src/cli/quick/status.ts"],
  ["src/cli/codex_broker.ts", "src/cli/quick/list.ts"],
  ["src/cli/codex_broker.ts", "src/cli/quick/send.ts"],
  ["src/cli/ask_codex.ts", "src/cli/quick/sessions.ts"],
  TASK,
  [...TASK, ...WITH_CODEX],
  ["src/cli/codex_broker.ts", "src/cli/broker/main.ts", "src/cli/broker/start.ts", ...PLAN],
  ["src/cli/codex_broker.ts", "src/cli/broker/main.ts", "src/cli/broker/worker.ts", ...WITH_CODEX],
  ["src/cli/codex_broker.ts", "src/cli/broker/main.ts", "src/cli/broker/wait.ts"],
  // What it shares with the others is not split once more for it.
  ["src/cli/ask-codex.ts", "src/cli/setup/complete.ts", "src/cli/quick/sessions.ts"],
  ["src/cli/ask_codex.ts", "src/cli/ask/main.ts", "src/cli/stats/command.ts", "src/cli/stats/text.ts"],
];

/** Where the modules of all programs lie, beside them. */
const PARTS = "scripts/parts";

/**
 * commander asks for node:child_process as it is loaded, a tenth of Node's own start, for subcommands that are programs of their own:
 * we have none.
 */
const withoutPrograms: Plugin = {
  name: "without-programs",
  setup(hooks) {
    hooks.onLoad({ filter: /node_modules\/commander\/lib\/command\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const asked = "const childProcess = require('node:child_process');\n";
      if (source.split(asked).length !== 2 || source.split("child_process").length !== 2)
        throw new Error(`build.ts does not find what it takes out of ${path}: commander has changed`);
      return { contents: source.replace(asked, "const childProcess = undefined;\n") };
    });
  },
};

/**
 * string-width makes its tables of letters as it is loaded, half of Node's own start: here for the first text that needs them, which
 * most lines of ours do not (`src/cli/output/width.ts`).
 */
const lateWidth: Plugin = {
  name: "late-width",
  setup(hooks) {
    hooks.onLoad({ filter: /node_modules\/string-width\/index\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const [, imports, body, last] =
        /^((?:import .*\n)+)([\s\S]*)export default (function stringWidth\([\s\S]*)$/.exec(source) ?? [];
      if (imports === undefined || /^(?:import|export) /m.test(`${body}${last}`))
        throw new Error(`build.ts does not find the parts of ${path}: string-width has changed`);
      const late = "let width;\nexport default (text, options) => (width ??= made())(text, options);\n";
      return { contents: `${imports}${late}function made() {\n${body}return ${last}}` };
    });
  },
};

/**
 * All of zod is needed for one thing, a JSON Schema of the user's; every run needs a fifth of it, by way of zod/mini. Bundled on its
 * own it shares nothing with that fifth, which is then all that a run loads.
 */
const zodApart: Plugin = {
  name: "zod-apart",
  setup(hooks) {
    hooks.onResolve({ filter: /^zod$/ }, () => ({ path: "zod", namespace: "apart" }));
    hooks.onLoad({ filter: /^zod$/, namespace: "apart" }, async () => {
      const stdin = { contents: 'export { fromJSONSchema } from "zod";', resolveDir: ROOT };
      const { outputFiles } = await build({ ...SHARED, stdin, bundle: true, format: "esm", write: false });
      return { contents: outputFiles[0]?.contents ?? "" };
    });
  },
};

/** gray-matter asks for a reader of YAML of its own; ours is in `files/yaml.ts`. */
const oneYaml: Plugin = {
  name: "one-yaml",
  setup(hooks) {
    hooks.onResolve({ filter: /^js-yaml$/ }, () => ({ path: "js-yaml", namespace: "absent" }));
    hooks.onLoad({ filter: /.*/, namespace: "absent" }, () => ({
      contents: "export function safeLoad() {}\nexport function safeDump() {}",
    }));
  },
};

/** BullMQ asks for every store it knows, and debug for colours; what is not there they do without. */
const oneStore: Plugin = {
  name: "one-store",
  setup(hooks) {
    hooks.onResolve({ filter: /^(@valkey\/valkey-glide|pg|redis|bullmq-otel|supports-color)$/ }, ({ path }) => ({
      path,
      namespace: "nowhere",
    }));
    hooks.onLoad({ filter: /.*/, namespace: "nowhere" }, ({ path }) => ({
      contents: `throw Object.assign(new Error("Cannot find module '${path}'"), { code: "MODULE_NOT_FOUND" });`,
    }));
  },
};

/** What shells complete is worked out here: `ask-codex` then carries a table, and not the commands of all programs. */
const completionBeforehand: Plugin = {
  name: "completion-beforehand",
  setup(hooks) {
    hooks.onLoad({ filter: /\/src\/cli\/setup\/table\.ts$/ }, () => ({
      contents: `export const table = () => (${JSON.stringify(table())});`,
      loader: "js",
    }));
  },
};

/**
 * The second line of a program is a command to sh and a comment to Node: the Node on PATH runs this very file at once, and where there is
 * none (nvm, fnm, volta, mise, asdf, Homebrew outside of a login shell) the launcher beside it looks for one.
 */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: sh words, not JavaScript
const FIND_NODE = [
  'command -v node >/dev/null 2>&1 && exec node "$0" "$@"',
  "self=$0",
  'while [ -h "$self" ]; do target=$(readlink -- "$self") || exit 3',
  'case $target in /*) self=$target ;; *) self=${self%"${self##*/}"}$target ;; esac; done',
  "case $self in */*) ;; *) self=./$self ;; esac",
  '[ -f "${self%/*}/launch.sh" ] || { echo "[ERROR] Node is not on PATH. Install Node 20.19 or newer." >&2; exit 3; }',
  '. "${self%/*}/launch.sh"',
].join("; ");
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: sh words, not JavaScript

const told = await compileTold();
const { store, places } = storeOf(await compile());
const stamp = createHash("sha256").update(store).digest("hex");
const parts = Buffer.from(stamp + store, "latin1");
const draft = `${PARTS}.${randomBytes(4).toString("hex")}.tmp`;
const made: (readonly [path: string, content: string | Buffer, mode: number])[] = [[PARTS, parts, 0o644]];
try {
  await replace(join(ROOT, draft), parts, 0o644);
  for (const [path, entry] of Object.entries(PROGRAMS)) {
    const program = { entry: basename(entry, ".ts"), told, stamp, size: parts.length, places };
    const texts = await textsOf(`${path}.${randomBytes(4).toString("hex")}.tmp`, assemble(program, draft, {}));
    made.push([path, assemble(program, PARTS, texts), 0o755]);
  }
} finally {
  await rm(join(ROOT, draft), { force: true });
}
// One right after the other: what starts between two of them would be told that they do not belong together.
for (const [path, content, mode] of made) await replace(join(ROOT, path), content, mode);
for (const [path, content] of made) console.log(`${path}  ${(content.length / 1024).toFixed(0)} KB`);

// For editors, which know no zod.
for (const [name, schema] of [
  ["handoff", frontMatterJsonSchema()],
  ["batch", planJsonSchema()],
] as const)
  await replace(join(ROOT, `references/${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`, 0o644);

await writeFileList();
await assemblePlugin(join(ROOT, "dist", "plugin"));

/** What is compiled and run in one go: one chunk, or several that are always loaded together. */
interface Unit {
  /** A CommonJS module. */
  readonly code: string;
  /** Its chunks by file name: what of its exports is theirs; null: all. */
  readonly chunks: ReadonlyMap<string, string | null>;
}

/** Bundles everything, cut into chunks where an `import()` is. */
async function compile(): Promise<readonly Unit[]> {
  const version = await ownVersion();
  const result = await build({
    ...SHARED,
    absWorkingDir: ROOT,
    entryPoints: Object.values(PROGRAMS),
    outdir: "scripts",
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    metafile: true,
    define: {
      ASK_CODEX_VERSION: JSON.stringify(version),
      "import.meta.dirname": "__dirname",
      "import.meta.filename": "__filename",
    },
    plugins: [zodApart, oneYaml, oneStore, withoutPrograms, lateWidth, completionBeforehand],
    logLevel: "warning",
  });
  requireSelfContained(result);
  const chunks = new Map(result.outputFiles.map(({ path, text }) => [basename(path), text]));
  return Promise.all(groupsOf(result.metafile).map((names) => joined(names, chunks)));
}

/** What the same of the commonest calls load goes together; what none of them loads is by itself, and so is what starts a program. */
function groupsOf({ outputs }: Metafile): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  const calls = OFTEN.map((entries) => loadedFrom(entries, outputs));
  const entries: readonly (string | undefined)[] = Object.values(PROGRAMS);
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    const by = calls.flatMap((loaded, call) => (loaded.has(path) && !entries.includes(entryPoint) ? [call] : []));
    const key = by.join(" ") || path;
    groups.set(key, [...(groups.get(key) ?? []), basename(path)]);
  }
  return [...groups.values()];
}

/** Several chunks as one module, which has each of them as one object. */
async function joined(names: readonly string[], chunks: ReadonlyMap<string, string>): Promise<Unit> {
  const [first = ""] = names;
  if (names.length === 1) return { code: await asCommonJs(chunks.get(first) ?? ""), chunks: new Map([[first, null]]) };
  const parts = names.map((name, at) => [name, `part${at}`] as const);
  const contents = parts.map(([name, part]) => `export * as ${part} from "./${name}";`).join("\n");
  const inGroup: Plugin = {
    name: "in-group",
    setup(hooks) {
      hooks.onResolve({ filter: /^\.\// }, ({ path, kind }) => {
        const own = kind === "import-statement" && names.includes(path.slice(2));
        return own ? { path, namespace: "chunk" } : { path, external: true };
      });
      hooks.onLoad({ filter: /.*/, namespace: "chunk" }, ({ path }) => ({ contents: chunks.get(path.slice(2)) ?? "" }));
    },
  };
  const { outputFiles } = await build({
    ...SHARED,
    stdin: { contents },
    bundle: true,
    format: "esm",
    write: false,
    plugins: [inGroup],
    logLevel: "warning",
  });
  return { code: await asCommonJs(outputFiles[0]?.text ?? ""), chunks: new Map(parts) };
}

async function asCommonJs(text: string): Promise<string> {
  const { code } = await transform(text, { ...SHARED, format: "cjs", supported: { "dynamic-import": false } });
  // What esbuild leaves as it is, in regular expressions, is the same in an escape; only what String.raw takes literally is not.
  if (/raw`[^`]*[^\0-\x7f]/.test(code)) throw new Error("String.raw with more than ASCII");
  return escaped(code);
}

function loadedFrom(entries: readonly string[], outputs: Metafile["outputs"]): ReadonlySet<string> {
  const loaded = new Set(
    entries.map((entry) => {
      const path = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === entry);
      // A module that was moved would be loaded by itself without a word, and every start would pay for it.
      if (path === undefined) throw new Error(`build.ts names a module that no program starts in or imports: ${entry}`);
      return path;
    }),
  );
  for (const path of loaded) {
    const imported = outputs[path]?.imports ?? [];
    for (const { path: target, kind, external } of imported)
      if (!external && kind === "import-statement") loaded.add(target);
  }
  return loaded;
}

/** Where each chunk is, by its name less `.js`: the first byte of its unit in the store, the one after the last, and what of the unit it is. */
type Places = Readonly<Record<string, readonly [from: number, to: number, part: string | null]>>;

/** All units one after the other. */
function storeOf(units: readonly Unit[]): { readonly store: string; readonly places: Places } {
  const places: Record<string, readonly [number, number, string | null]> = {};
  let store = "";
  for (const { code, chunks } of units) {
    // Never empty: units are known by where they begin.
    const unit = `${code};`;
    for (const [name, part] of chunks) places[basename(name, ".js")] = [store.length, store.length + unit.length, part];
    store += unit;
  }
  return { store, places };
}

interface Assembled {
  readonly entry: string;
  /** What prints the texts that are known beforehand. */
  readonly told: string;
  /** What the file with the modules has to begin with. */
  readonly stamp: string;
  /** How long that file is. */
  readonly size: number;
  readonly places: Places;
}

/**
 * A program: what is told at once, and where everything else lies. Node reads a program whole and V8 every byte of it, so the modules
 * are in a file beside it, and only what is asked for is read. Where another build has taken their place meanwhile, its program is
 * started instead; what is cut short or altered there is told, and nothing else is done.
 */
function assemble(
  { entry, told, stamp, size, places }: Assembled,
  parts: string,
  texts: Readonly<Record<string, string>>,
) {
  const known = [...new Set(Object.values(texts))];
  const words = Object.fromEntries(Object.entries(texts).map(([word, text]) => [word, known.indexOf(text)]));
  return `#!/bin/sh
":" //; ${FIND_NODE}
"use strict";
const { fstatSync, openSync, readSync } = require("fs");
const told = { exports: {} };
(function (exports, module) {${told}})(told.exports, told);
const texts = ${inAscii(known)};
const words = ${inAscii(words)};
const units = new Map();
let places, parts;
if (!told.exports.tellAtOnce(process.argv.slice(2), words, texts)) start();
function start() {
  places = JSON.parse(${inAscii(JSON.stringify(places))});
  try {
    parts = openSync(__dirname + "/${basename(parts)}");
  } catch (error) {
    return damaged();
  }
  if (isOurs()) return fstatSync(parts).size === ${size} ? load("./${entry}.js") : damaged();
  if (require.main !== module) return damaged();
  delete require.cache[__filename];
  require(__filename);
}
// At once: whoever asks for what cannot be had might do without it.
function damaged() {
  process.stderr.write("[ERROR] " + __dirname + "/${basename(parts)} is damaged. Install ask-codex again.\\n");
  process.exit(3);
}
function isOurs() {
  return textAt(0, ${stamp.length}) === "${stamp}";
}
function textAt(from, length) {
  const bytes = Buffer.allocUnsafe(length);
  try {
    return bytes.latin1Slice(0, readSync(parts, bytes, 0, length, from));
  } catch (error) {
    return "";
  }
}
// Only asked once something has failed: it reads all there is.
function isWhole() {
  const store = textAt(${stamp.length}, ${size - stamp.length});
  return require("crypto").createHash("sha256").update(store, "latin1").digest("hex") === "${stamp}";
}
function load(specifier) {
  if (!specifier.startsWith("./")) return require(specifier);
  const [from, to, part] = places[specifier.slice(2, -3)];
  const { exports } = units.get(from) ?? run(from, to);
  return part === null ? exports : exports[part];
}
function run(from, to) {
  const code = textAt(${stamp.length} + from, to - from);
  if (code.length !== to - from || !isOurs()) throw new Error(__dirname + " was written over while it was in use: start again");
  const module = { exports: {} };
  units.set(from, module);
  const names = ["exports", "require", "module", "__dirname", "__filename"];
  try {
    const unit = require("vm").compileFunction(code, names, { filename: __filename + "/" + from + ".js" });
    unit.call(module.exports, module.exports, load, module, __dirname, __filename);
  } catch (error) {
    // Whoever asks for it again is told the same, and does not get a half-made module.
    units.delete(from);
    if (isOurs() && !isWhole()) damaged();
    throw error;
  }
  return module;
}
`;
}

/** What prints help and version without loading anything else. */
async function compileTold(): Promise<string> {
  const entryPoints = [join(ROOT, "src/cli/edge/tell-at-once.ts")];
  const { outputFiles } = await build({ ...SHARED, entryPoints, bundle: true, format: "cjs", write: false });
  return outputFiles[0]?.text ?? "";
}

/** What a program says to those who want help or its version, in its own words. */
async function textsOf(place: string, code: string): Promise<Readonly<Record<string, string>>> {
  const path = join(ROOT, place);
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, code);
    const words = ["--help", "-h", "help", "--version", "-V", "-v"];
    return Object.fromEntries(
      words.map((word) => [word, execFileSync(process.execPath, [path, word], { encoding: "utf8" })]),
    );
  } finally {
    await rm(path, { force: true });
  }
}

/** V8 reads nothing but ASCII fastest. */
function inAscii(value: unknown): string {
  return escaped(JSON.stringify(value));
}

function escaped(code: string): string {
  return code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The program runs where there is no node_modules, so a warning or an import that stayed outside is an error. */
function requireSelfContained({ warnings, metafile }: BuildResult<{ metafile: true }>): void {
  if (warnings.length > 0) throw new Error(`built with ${warnings.length} warnings, see above`);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const outside = imports.filter(
    ({ path, external }) => external && !builtinModules.includes(path.replace("node:", "")),
  );
  if (outside.length > 0) throw new Error(`not bundled: ${outside.map(({ path }) => path).join(", ")}`);
}

/** What a copy made by hand is compared with. */
async function writeFileList(): Promise<void> {
  const { version, files } = await readSkillPackage(ROOT, await ownVersion());
  // Another build may be putting the same beside it.
  const list = manifestOf({ version, files: files.filter(({ path }) => !path.endsWith(".tmp")) });
  await replace(join(ROOT, FILE_LIST), `${JSON.stringify(list, null, 2)}\n`, 0o644);
}

async function ownVersion(): Promise<string> {
  return (JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string }).version;
}

/** The folder that the clone's own marketplace names: what a release holds, and nothing of how it is made. */
async function assemblePlugin(folder: string): Promise<void> {
  const fresh = `${folder}.${randomBytes(4).toString("hex")}.tmp`;
  const parts = [
    ".claude-plugin/plugin.json",
    "SKILL.md",
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE",
    "commands",
    "references",
    "roles",
    "scripts",
  ];
  try {
    for (const part of parts) {
      await cp(join(ROOT, part), join(fresh, part), { recursive: true, filter: (path) => !path.endsWith(".tmp") });
    }
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } catch (error) {
    // Another build was faster, and its folder is the same.
    if (!isOccupied(error)) throw error;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function isOccupied(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["ENOTEMPTY", "EEXIST", "ENOENT"].includes(String(error.code));
}

/** Written beside its place and renamed there: a program that is running keeps the file it started from. */
async function replace(path: string, content: string | Buffer, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, content);
    await chmod(temporary, mode);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
