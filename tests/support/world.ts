import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { codexBin } from "./codex.ts";
import { GIT_ENV, initRepository } from "./git/git.ts";
import { describeLeftovers, endLeftovers, type Leftover, processesStillWith, processesWith } from "./leftovers.ts";
import { copyCodexHome } from "./machine/codex-home.ts";
import { type Script, type ScriptedModel, startModel } from "./model/server.ts";
import { TEST_RUN_MARKER, testRun } from "./setup/test-run.ts";
import { tempFolder } from "./temp-folder.ts";
import { NEWEST } from "./versions.ts";

export interface WorldOptions {
  /** What the model answers. */
  readonly script: Script;
  /** The Codex that ASK_CODEX_COMMAND names, out of VERSIONS. */
  readonly version?: string;
  /** Codex's own retries: none, or as users have them. */
  readonly retries?: "off" | "default";
  /**
   * Of what Codex does beside a task, half of its processor time: nothing, or what users have. By default it makes its databases and
   * unpacks its own skills at the first start, and at each looks for new plugins and reports figures on the internet, copies the set-up
   * of a login shell, and asks `lsb_release`.
   */
  readonly features?: "few" | "default";
  /** More of config.toml; a top-level key takes the place of ours. */
  readonly config?: string;
  /** The files of the workspace, by relative path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Whether the workspace is a git repository with these files committed (the default) or a plain folder. */
  readonly git?: boolean;
  /** How long what was killed may take to be gone at the end. */
  readonly graceMs?: number;
}

/** A user of Codex with a machine of his own: a home, a Codex that talks to the scripted model, a workspace. */
export interface World extends AsyncDisposable {
  readonly model: ScriptedModel;
  readonly home: string;
  readonly codexHome: string;
  readonly workspace: string;
  /** ASK_CODEX_HOME. */
  readonly state: string;
  /** TMPDIR. */
  readonly temp: string;
  /** The whole environment of what runs in this world. */
  readonly env: Readonly<Record<string, string>>;
  /** The processes of this world that are alive now (Linux only). */
  processes(): Promise<readonly Leftover[]>;
}

/** Builds a world. At the end of the scope it is taken down, and the test fails if a process of it was still running. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const root = await tempFolder();
  const places = {
    home: join(root.path, "home"),
    codexHome: join(root.path, "home", ".codex"),
    workspace: join(root.path, "work space"),
    state: join(root.path, "state"),
    temp: join(root.path, "temp"),
  };
  await makeWorkspace(places.workspace, options);
  const model = await startModel(options.script);
  const { features = "few", version = NEWEST } = options;
  if (features === "few") copyCodexHome(places.codexHome, version);
  await writeFiles(places.codexHome, { "config.toml": configToml(model.url, options) });
  await mkdir(places.temp);
  const { graceMs = GRACE_MS } = options;
  const id = randomBytes(4).toString("hex");
  const traces = { variable: `${WORLD_MARKER}=${id}`, folder: root.path };
  return {
    model,
    ...places,
    env: environment(id, places, options),
    processes: () => processesWith(traces),
    async [Symbol.asyncDispose]() {
      const left = await processesStillWith(traces, graceMs);
      endLeftovers(left);
      await model.close();
      await processesStillWith(traces, graceMs);
      await root[Symbol.asyncDispose]();
      if (left.length > 0) throw new Error(`this world was left with processes:\n${describeLeftovers(left)}`);
    },
  };
}

const WORLD_MARKER = "ASK_CODEX_WORLD";

// A busy machine needs a moment to end what was killed. A test that wants nothing left at once asks `processes()`.
const GRACE_MS = 10_000;

type Places = Pick<World, "home" | "codexHome" | "state" | "temp">;

/** Nothing of whoever runs the tests but the way to the programs. */
function environment(id: string, places: Places, options: WorldOptions): Record<string, string> {
  const { version = NEWEST, features = "few" } = options;
  const path = process.env["PATH"] ?? "";
  return {
    PATH: features === "few" ? `${join(import.meta.dirname, "machine", "path")}${delimiter}${path}` : path,
    LANG: "C.UTF-8",
    HOME: places.home,
    TMPDIR: places.temp,
    CODEX_HOME: places.codexHome,
    ASK_CODEX_HOME: places.state,
    ASK_CODEX_COMMAND: codexBin(version),
    ...GIT_ENV,
    [TEST_RUN_MARKER]: testRun(),
    [WORLD_MARKER]: id,
  };
}

async function makeWorkspace(folder: string, options: WorldOptions): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = options.files ?? { "README.md": "# A workspace\n" };
  await writeFiles(folder, files);
  if (options.git !== false) initRepository(folder, files);
}

/** Keys first, tables last: what stands below a table's head belongs to it. */
function configToml(url: string, { retries = "off", features = "few", config = "" }: WorldOptions): string {
  const [topLevel = ""] = config.split(/^\[/m);
  const defaults = ['model = "gpt-5.2-codex"', 'model_provider = "scripted"'];
  const keys = defaults.filter((line) => !new RegExp(`^${line.split(" ")[0]}\\s*=`, "m").test(topLevel));
  const provider = ["[model_providers.scripted]", 'name = "scripted"', `base_url = "${url}"`, 'wire_api = "responses"'];
  const noRetries = retries === "off" ? ["request_max_retries = 0", "stream_max_retries = 0"] : [];
  const tables = features === "few" ? withFewFeatures(config) : config;
  return `${[...keys, tables, ...provider, ...noRetries].join("\n")}\n`;
}

/** A test's own table of features goes on below ours. */
function withFewFeatures(config: string): string {
  const few = "[features]\nplugins = false\nshell_snapshot = false\n";
  const merged = config.replace(/^\[features\]\n/m, few);
  const quiet = `${config.includes("[analytics]") ? "" : "[analytics]\nenabled = false\n"}[skills.bundled]\nenabled = false\n`;
  return `${merged === config ? `${config}\n${few}` : merged}\n${quiet}`;
}

async function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
