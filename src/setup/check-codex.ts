import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type AppServer, serverOf } from "../codex/app-server.ts";
import { RpcError } from "../codex/connection.ts";
import { type CodexCommand, type CodexSearch, findCodex } from "../codex/find-codex.ts";
import { configuredRoots, shakeHands } from "../codex/handshake.ts";
import { launchCodex } from "../codex/launch.ts";
import { kindSaid } from "../codex/sentences.ts";
import { explainStart, whileStarting } from "../codex/server-exit.ts";
import { AskCodexError, ERROR_KINDS, messageOf } from "../errors.ts";
import { runProgram } from "../process/run-program.ts";
import { oneLine } from "../text/defuse.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import { OUT_OF_IT, sandboxAround } from "./check-machine.ts";

export interface CodexCheckOptions {
  readonly search: CodexSearch;
  /** For Codex, as a run would pass it. */
  readonly env: Readonly<Record<string, string>>;
  /** The environment that we were called with. */
  readonly callers: Readonly<Record<string, string | undefined>>;
  /** Where temporary files go. */
  readonly temp: string;
  /** The id that finds whatever Codex leaves. */
  readonly runId: string;
  readonly version: string;
}

// Both one after the other, well within what the doctor has; either takes a quarter of a second when all is well.
const ANSWER_LIMIT_MS = 8_000;
const SANDBOX_LIMIT_MS = 7_000;

/** Codex as a run would find it: the program, its version and login asked of the app-server itself, and a command in its sandbox. */
export async function checkCodex(place: CodexCheckOptions): Promise<readonly Check[]> {
  const folder = await mkdtemp(join(place.temp, "ask-codex-doctor-"));
  try {
    const command = await findCodex(place.search);
    const checks = await askServer(command, place, folder);
    const found = [ok("codex", command.program), ...checks];
    // A program that is not a Codex has no sandbox to try either.
    const isCodex = checks.some(({ name, level }) => name === "codex_version" && level === "ok");
    return isCodex ? [...found, await checkSandbox(command, place, folder)] : found;
  } catch (error) {
    if (!(error instanceof AskCodexError)) throw error;
    return [fail("codex", error.message, error.hint)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function askServer(command: CodexCommand, place: CodexCheckOptions, cwd: string): Promise<readonly Check[]> {
  const stderrPath = join(cwd, "stderr.log");
  const server = serverOf(launchCodex(command, { cwd, env: place.env, runId: place.runId, stderrPath, config: [] }));
  try {
    const answered = versionAndLogin(server, place.version);
    return await whileStarting(server, Promise.race([elapsed(ANSWER_LIMIT_MS), answered]));
  } catch (error) {
    const reason = await explainStart(error, stderrPath);
    const hint = reason instanceof AskCodexError ? reason.hint : ERROR_KINDS.codex_incompatible.next;
    return [fail("codex_version", messageOf(reason), hint)];
  } finally {
    await server.end();
  }
}

async function versionAndLogin(server: AppServer, productVersion: string): Promise<readonly Check[]> {
  const { version, login } = shakeHands(server, productVersion);
  const config = configuredRoots(server).catch((error: unknown) => error);
  const found = ok("codex_version", await version);
  const refused = await config;
  // A configuration that cannot be read names no provider either, and so reads like a missing login.
  if (refused instanceof RpcError)
    return [found, fail("codex_config", oneLine(refused.message, 300), ERROR_KINDS.config.next)];
  try {
    const known = await login;
    if (known.type === "account") return [found, ok("login", known.account ?? "logged in")];
    return [found, ok("login", "none needed: the configured provider has its own")];
  } catch (error) {
    if (!(error instanceof AskCodexError) || error.kind !== "auth") throw error;
    return [found, fail("login", error.message, error.hint)];
  }
}

async function elapsed(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    const late = new AskCodexError("codex_incompatible", `Codex did not answer as an app-server within ${ms / 1000} s`);
    setTimeout(() => reject(late), ms).unref();
  });
}

/** Read-only, whatever the user has configured: with full access there would be no sandbox to try. */
async function checkSandbox(command: CodexCommand, place: CodexCheckOptions, cwd: string): Promise<Check> {
  // By its path: there may be next to nothing on PATH.
  const args = [...command.args, "sandbox", "-c", 'sandbox_mode="read-only"', "--", "/bin/sh", "-c", ":"];
  const options = { cwd, env: place.env, limitMs: SANDBOX_LIMIT_MS };
  const { code, timedOut, output } = await runProgram(command.program, args, options);
  if (code === 0) return ok("sandbox", "a command runs in it");
  const lines = output.split("\n").filter((line) => line.trim() !== "" && !/^(?:WARNING|note:|thread )/.test(line));
  const said = timedOut ? "no end in time" : oneLine(lines.find((line) => REASON.test(line)) ?? `exit ${code}`, 200);
  const around = sandboxAround(place.callers);
  if (around !== null) return fail("sandbox", `no command runs in it, inside ${around} (${said})`, OUT_OF_IT);
  if (kindSaid("start", output) === "codex_incompatible") return warn("sandbox", `cannot be tried (${said})`, UPDATE);
  return fail("sandbox", `no command runs in it (${said})`, process.platform === "linux" ? ALLOW_NAMESPACES : UPDATE);
}

const REASON = /fail|error|denied|not permitted|cannot|unexpected|unrecognized/i;
const UPDATE = "Install a current Codex: npm install -g @openai/codex@latest";
const ALLOW_NAMESPACES =
  "Codex's sandbox needs user namespaces (bubblewrap): allow them for it, or in a container made for it use --sandbox danger-full-access.";
