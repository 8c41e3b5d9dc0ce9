import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { openJournal } from "../../src/files/journal.ts";
import { readJson } from "../../src/files/json-file.ts";
import { NotPlain } from "../../src/files/open-plain.ts";
import { readPlain, readPlainOr } from "../../src/files/read-plain.ts";
import { takeHold } from "../../src/process/hold.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Everything that can stand where a file is expected, by what it is called. */
const ODD: Readonly<Record<string, (path: string) => unknown>> = {
  "a named pipe": (path) => execFileSync("mkfifo", [path]),
  "a folder": (path) => mkdir(path),
  "a dangling link": (path) => symlink("nowhere", path),
  "a link to a file": async (path) => {
    await writeFile(`${path}.target`, "{}");
    await symlink(`${path}.target`, path);
  },
  "a link to a device": (path) => symlink("/dev/zero", path),
};

test.each(Object.entries(ODD))("%s is not read, and keeps no one waiting", async (_, make) => {
  await using temp = await tempFolder();
  const path = join(temp.path, "state.json");
  await make(path);
  expect(() => readPlain(path)).toThrow(NotPlain);
  expect(readPlainOr(path, "none")).toBe("none");
  expect(await readJson(path, z.object({}))).toMatchObject({ type: "corrupt" });
  expect(() => openJournal(path)).toThrow(NotPlain);
});

test.each(Object.entries(ODD))("%s in the place of a hold is named, and not waited for", async (_, make) => {
  await using temp = await tempFolder();
  const path = join(temp.path, "thread.hold");
  await make(path);
  const own = { pid: process.pid, startedAt: "1", runId: "run" };
  await expect(takeHold(path, own)).rejects.toMatchObject({ kind: "internal", message: expect.stringContaining(path) });
});

test("a socket is not read", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "s");
  const server = createServer().listen(path);
  await new Promise((resolve) => server.once("listening", resolve));
  expect(() => readPlain(path)).toThrow(NotPlain);
  await new Promise((resolve) => server.close(resolve));
});

test("a link is followed where the caller says that one may lead to the file, to plain files only", async () => {
  await using temp = await tempFolder();
  await writeFile(join(temp.path, "there"), "text");
  await symlink("there", join(temp.path, "link"));
  await symlink("/dev/zero", join(temp.path, "device"));
  expect(readPlain(join(temp.path, "link"), { follow: true })).toBe("text");
  expect(() => readPlain(join(temp.path, "device"), { follow: true })).toThrow(NotPlain);
});

test("what is larger than the limit is refused before it is read", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "large");
  await writeFile(path, "0123456789");
  expect(readPlain(path, { limit: 10 })).toBe("0123456789");
  expect(() => readPlain(path, { limit: 9 })).toThrow("too large");
});
