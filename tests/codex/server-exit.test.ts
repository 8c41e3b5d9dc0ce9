import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AppServer } from "../../src/codex/app-server.ts";
import { ConnectionClosed } from "../../src/codex/connection.ts";
import { explainStart, type ServerExit, StartFailed, serverGone, whileStarting } from "../../src/codex/server-exit.ts";
import { AskCodexError } from "../../src/errors.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { STARTS } from "./recorded-errors.ts";

const EXIT: ServerExit = { code: 1, signal: null, error: null };
const NEVER = new Promise<never>(() => {});

test.each<{ exit: Partial<ServerExit>; kind: string }>([
  { exit: { signal: "SIGKILL" }, kind: "codex_killed" },
  { exit: { code: 137 }, kind: "codex_killed" },
  { exit: { code: 0 }, kind: "protocol" },
  { exit: { code: 1 }, kind: "protocol" },
  { exit: { signal: "SIGSEGV" }, kind: "protocol" },
  { exit: { error: Object.assign(new Error("spawn"), { code: "ENOENT" }) }, kind: "codex_missing" },
  { exit: { error: Object.assign(new Error("spawn"), { code: "EACCES" }) }, kind: "codex_missing" },
  { exit: { error: Object.assign(new Error("spawn"), { code: "EMFILE" }) }, kind: "system" },
  { exit: { error: Object.assign(new Error("spawn"), { code: "EAGAIN" }) }, kind: "system" },
  { exit: { error: Object.assign(new Error("spawn"), { code: "ENOMEM" }) }, kind: "system" },
  { exit: { error: new Error("what nobody knows") }, kind: "protocol" },
])("a server that is gone with $exit is $kind", ({ exit, kind }) => {
  expect(serverGone({ code: null, signal: null, error: null, ...exit }).kind).toBe(kind);
});

/** The part of a server that waiting for it needs. */
function server(exited: Promise<ServerExit>): AppServer {
  return { exited } as unknown as AppServer;
}

test("what a starting server is asked comes back as it is", async () => {
  await expect(whileStarting(server(NEVER), Promise.resolve("ready"))).resolves.toBe("ready");
  await expect(whileStarting(server(NEVER), Promise.reject(new TypeError("odd")))).rejects.toThrow("odd");
});

test("a server that exits while it starts has failed to start", async () => {
  await expect(whileStarting(server(Promise.resolve(EXIT)), NEVER)).rejects.toMatchObject({ exit: EXIT });
});

test("a connection that breaks first waits for the exit that explains it, whatever its words are", async () => {
  let exit: (how: ServerExit) => void = () => {};
  const exited = new Promise<ServerExit>((resolve) => {
    exit = resolve;
  });
  const waiting = whileStarting(server(exited), Promise.reject(new ConnectionClosed("any words")));
  exit(EXIT);
  await expect(waiting).rejects.toBeInstanceOf(StartFailed);
});

test.each(STARTS)("a start that failed with $stderr on stderr is $kind", async ({ stderr, kind }) => {
  await using folder = await tempFolder();
  const path = join(folder.path, "stderr.log");
  await writeFile(path, stderr);
  const explained = await explainStart(new StartFailed(EXIT), path);
  expect(explained).toMatchObject({ kind, message: expect.stringContaining("exited with code 1 before it was ready") });
});

test.each([
  "/usr/bin/env: 'node': No such file or directory",
  "env: ‘node’: No such file or directory",
  "env: node: No such file or directory",
  "env: can't execute 'node': No such file or directory",
  "/usr/local/bin/codex: 3: exec: node: not found",
  "/usr/local/bin/codex: line 3: node: command not found",
])("a launcher that says %j wants a Node, and not another Codex", async (stderr) => {
  await using folder = await tempFolder();
  const path = join(folder.path, "stderr.log");
  await writeFile(path, `${stderr}\n`);
  const explained = await explainStart(new StartFailed({ ...EXIT, code: 127 }), path);
  expect(explained).toMatchObject({ kind: "codex_missing", hint: expect.stringContaining("put Node there") });
});

test("an error that is not the server's end is left as it is", async () => {
  const error = new AskCodexError("auth", "no login");
  expect(await explainStart(error, "/nowhere")).toBe(error);
});
