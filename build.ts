import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import { type BuildResult, build, type Metafile, type Plugin, transform } from "esbuild";
import { planJsonSchema } from "./src/batch/plan/schema.ts";
import { completionScripts } from "./src/cli/completion/scripts.ts";
import { COMMANDS } from "./src/cli/setup/main.ts";
import { frontMatterJsonSchema } from "./src/handoff/document/schema.ts";

/** The programs, and the module each one starts in. */
const PROGRAMS = {
  "scripts/ask_codex": "src/cli/ask_codex.ts",
  "scripts/codex_broker": "src/cli/codex_broker.ts",
  "scripts/ask-codex": "src/cli/ask-codex.ts",
} as const;

const ROOT = dirname(fileURLToPath(import.meta.url));

// Names are kept, so that a stack trace can be read.
const SHARED = { platform: "node", target: "node20.19", minifySyntax: true, minifyWhitespace: true } as const;

// What is packed costs a start nothing but its bytes, and the one that needs it the unpacking: the two big libraries, for git and for
// the user's own schemas, and all that only these modules ask for.
const BIG = 150_000;
const SELDOM = [
  "src/cli/ask/models.ts",
  "src/cli/ask/route.ts",
  "src/cli/broker/watch.ts",
  "src/cli/fleet/open-fleet.ts",
  "src/cli/fleet/queue-status.ts",
  "src/cli/fleet/worker.ts",
  "src/cli/handoff/main.ts",
  "src/cli/review/main.ts",
  "src/cli/setup/completion.ts",
  "src/cli/stats/command.ts",
  "src/files/yaml.ts",
  "node_modules/gray-matter/index.js",
] as const;

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

/** What shells complete is worked out here: `ask-codex` then carries three texts, and not the commands of all programs. */
const completionBeforehand: Plugin = {
  name: "completion-beforehand",
  setup(hooks) {
    hooks.onLoad({ filter: /\/src\/cli\/completion\/scripts\.ts$/ }, () => ({
      contents: `export const completionScripts = () => (${JSON.stringify(completionScripts(COMMANDS))});`,
      loader: "js",
    }));
  },
};

// Of the comment that holds the chunks.
const END = "*/\n";

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

const met = new Set<string>();

const told = await compileTold();

for (const [program, entry] of Object.entries(PROGRAMS)) {
  const parts = { entry: basename(entry, ".ts"), told, ...(await compile(entry)) };
  const texts = await textsOf(`${program}.${randomBytes(4).toString("hex")}.tmp`, assemble(parts, {}));
  const code = assemble(parts, texts);
  await replace(join(ROOT, program), code, 0o755);
  console.log(`${program}  ${(Buffer.byteLength(code) / 1024).toFixed(0)} KB`);
}

// A module that was moved would leave the pack without a word, and every start would pay for it.
const unmet = SELDOM.filter((path) => !met.has(path));
if (unmet.length > 0) throw new Error(`build.ts packs modules that no program imports: ${unmet.join(", ")}`);

// For editors, which know no zod.
for (const [name, schema] of [
  ["handoff", frontMatterJsonSchema()],
  ["batch", planJsonSchema()],
] as const)
  await replace(join(ROOT, `references/${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`, 0o644);

await assemblePlugin(join(ROOT, "dist", "plugin"));

interface Compiled {
  /** CommonJS modules, by file name. */
  readonly chunks: ReadonlyMap<string, string>;
  /** The names of those that a usual start may ask for. */
  readonly usual: ReadonlySet<string>;
}

/** Bundles everything, cut into chunks where an `import()` is. */
async function compile(entry: string): Promise<Compiled> {
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string };
  const result = await build({
    ...SHARED,
    absWorkingDir: ROOT,
    entryPoints: [entry],
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
    plugins: [zodApart, oneYaml, oneStore, withoutPrograms, completionBeforehand],
    logLevel: "warning",
  });
  requireSelfContained(entry, result);
  const chunks = result.outputFiles.map(async ({ path, text }): Promise<[string, string]> => {
    const { code } = await transform(text, { ...SHARED, format: "cjs", supported: { "dynamic-import": false } });
    return [basename(path), code];
  });
  return { chunks: new Map(await Promise.all(chunks)), usual: usualChunks(entry, result.metafile) };
}

/** All that can be reached from the entry without one of the modules that are seldom asked for. */
function usualChunks(entry: string, { outputs }: Metafile): ReadonlySet<string> {
  const start = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === entry) ?? "";
  const found = new Set([start]);
  for (const path of found) {
    for (const { path: target, kind, external } of outputs[path]?.imports ?? []) {
      if (external || (kind === "dynamic-import" && isSeldom(outputs[target]?.entryPoint))) continue;
      found.add(target);
    }
  }
  return new Set([...found].map((path) => basename(path)));
}

function isSeldom(entryPoint: string | undefined): boolean {
  if (!SELDOM.some((path) => path === entryPoint)) return false;
  met.add(entryPoint ?? "");
  return true;
}

interface Parts extends Compiled {
  readonly entry: string;
  /** What prints the texts that are known beforehand. */
  readonly told: string;
}

/**
 * One file with every chunk in it, in a comment, where V8 only looks for its end; a chunk is read and compiled when it is first asked
 * for. As plain code the whole megabyte would be parsed at every start, which takes half as long again as the start of Node itself,
 * and as strings every one of them would be read. Where another build has taken the file's place meanwhile, that one is started.
 */
function assemble({ entry, told, chunks, usual }: Parts, texts: Readonly<Record<string, string>>): string {
  const isRare = (name: string, code: string) => code.length > BIG || !usual.has(name);
  const places: Record<string, readonly number[]> = {};
  let store = "";
  for (const [name, code] of chunks) {
    const packed = isRare(name, code);
    const kept = inAscii(packed ? deflateSync(code).toString("base64") : code).replaceAll("*/", "*\\/");
    places[name] = [store.length, store.length + kept.length, packed ? 1 : 0];
    store += kept;
  }
  const stamp = createHash("sha256").update(store).digest("hex");
  const known = [...new Set(Object.values(texts))];
  const words = Object.fromEntries(Object.entries(texts).map(([word, text]) => [word, known.indexOf(text)]));
  return `#!/bin/sh
":" //; ${FIND_NODE}
"use strict";
const { readFileSync } = require("fs");
const told = { exports: {} };
(function (exports, module) {${told}})(told.exports, told);
const texts = ${inAscii(known)};
const words = ${inAscii(words)};
const places = ${inAscii(places)};
const loaded = new Map();
let file, begin;
if (!told.exports.tellAtOnce(process.argv.slice(2), words, texts)) start();
function start() {
  file = readFileSync(__filename);
  begin = file.length - ${store.length + END.length};
  if (begin > ${stamp.length} && file.latin1Slice(begin - ${stamp.length}, begin) === "${stamp}") return load("./${entry}.js");
  if (require.main !== module) throw new Error(__filename + " is damaged: install it anew");
  delete require.cache[__filename];
  require(__filename);
}
function load(specifier) {
  const name = specifier.slice(2);
  if (!specifier.startsWith("./")) return require(specifier);
  let module = loaded.get(name);
  if (module !== undefined) return module.exports;
  module = { exports: {} };
  loaded.set(name, module);
  const names = ["exports", "require", "module", "__dirname", "__filename"];
  const run = require("vm").compileFunction(codeOf(name), names, { filename: __filename + "/" + name });
  run.call(module.exports, module.exports, load, module, __dirname, __filename);
  return module.exports;
}
function codeOf(name) {
  const [from, to, packed] = places[name];
  const code = JSON.parse(file.latin1Slice(begin + from, begin + to));
  return packed ? require("node:zlib").inflateSync(Buffer.from(code, "base64")).toString() : code;
}
/*${stamp}${store}${END}`;
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

/** V8 reads a file of nothing but ASCII fastest. */
function inAscii(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The program runs where there is no node_modules, so a warning or an import that stayed outside is an error. */
function requireSelfContained(entry: string, { warnings, metafile }: BuildResult<{ metafile: true }>): void {
  if (warnings.length > 0) throw new Error(`${entry}: built with ${warnings.length} warnings, see above`);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const outside = imports.filter(
    ({ path, external }) => external && !builtinModules.includes(path.replace("node:", "")),
  );
  if (outside.length > 0) throw new Error(`${entry}: not bundled: ${outside.map(({ path }) => path).join(", ")}`);
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
async function replace(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, text);
    await chmod(temporary, mode);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
