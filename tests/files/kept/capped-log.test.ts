import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCappedLog, rotate } from "../../../src/files/kept/capped-log.ts";
import { tempFolder } from "../../support/temp-folder.ts";

test("a log keeps its newest part in two files, and goes on where an earlier one ended", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "stderr.log");
  const write = (...lines: readonly string[]) => {
    const log = openCappedLog(path, 10);
    for (const line of lines) log.write(Buffer.from(line));
    log.close();
    log.write(Buffer.from("after its end\n"));
  };
  write("one\n", "two\n");
  expect(await readdir(folder.path)).toEqual(["stderr.log"]);
  write("three\n", "four\n", "five\n");
  expect((await readdir(folder.path)).sort()).toEqual(["stderr.log", "stderr.log.1"]);
  expect(await readFile(`${path}.1`, "utf8")).toBe("three\n");
  expect(await readFile(path, "utf8")).toBe("four\nfive\n");
});

test("a chunk that is longer than the whole log is kept", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "stderr.log");
  const log = openCappedLog(path, 4);
  log.write(Buffer.from("much too long\n"));
  log.close();
  expect(await readFile(path, "utf8")).toBe("much too long\n");
});

test("a log that others write to is begun anew once it is long enough", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "worker.log");
  rotate(path, 4);
  expect(await readdir(folder.path)).toEqual([]);
  await writeFile(path, "one");
  rotate(path, 4);
  expect(await readdir(folder.path)).toEqual(["worker.log"]);
  await writeFile(path, "longer");
  rotate(path, 4);
  expect(await readdir(folder.path)).toEqual(["worker.log.1"]);
});
