import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Label, seal, unseal } from "../../../src/fleet/seal/envelope.ts";
import { makeQueueKey, readQueueKey } from "../../../src/fleet/seal/queue-key.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const LABEL: Label = { kind: "offer", batch: "b", of: "a.1" };

async function withKeys(
  work: (keys: Record<"ours" | "other", ReturnType<typeof makeQueueKey>>) => void,
): Promise<void> {
  await using folder = await tempFolder();
  work({ ours: makeQueueKey(join(folder.path, "ours")), other: makeQueueKey(join(folder.path, "other")) });
}

test("a key is made for its owner only, is read back the same, and never replaces another", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "key");
  const made = makeQueueKey(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(readQueueKey(path)).toEqual(made);
  expect(() => makeQueueKey(path)).toThrow(/is there already/);
  expect(await readFile(path, "utf8")).not.toContain(made.name);
});

test("a key that others may read, is missing, or is something else is refused with what to do", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "key");
  expect(() => readQueueKey(path)).toThrow(/There is no queue key/);
  makeQueueKey(path);
  await chmod(path, 0o640);
  expect(() => readQueueKey(path)).toThrow(/Others may read/);
  const text = join(folder.path, "text");
  await writeFile(text, "hello\n", { mode: 0o600 });
  expect(() => readQueueKey(text)).toThrow(/is not a queue key/);
});

test("a key is written through no link, and read where a link of the user's leads; a pipe is not a key", async () => {
  await using folder = await tempFolder();
  const at = (name: string) => join(folder.path, name);
  for (const name of ["work", "elsewhere"]) await mkdir(at(name));
  await symlink(at("elsewhere"), at("work/keys"));
  await symlink(at("elsewhere/dangling"), at("work/key"));
  expect(() => makeQueueKey(at("work/key"))).toThrow(/is a link/);
  expect(await readdir(at("elsewhere"))).toEqual([]);
  const made = makeQueueKey(at("elsewhere/key"));
  expect(readQueueKey(at("work/keys/key"))).toEqual(made);
  execFileSync("mkfifo", [at("pipe")]);
  expect(() => readQueueKey(at("pipe"))).toThrow(/is a named pipe, not a plain file: it is not a queue key/);
});

test("any bytes come out as they went in, and show nothing of themselves in between", async () => {
  await withKeys(({ ours }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        expect(unseal(ours, LABEL, seal(ours, LABEL, bytes)).equals(bytes)).toBe(true);
      }),
    );
    expect(seal(ours, LABEL, Buffer.from("a secret prompt")).includes("secret")).toBe(false);
  });
});

test("what another key sealed, or was sealed for something else, or was changed in any byte does not open", async () => {
  await withKeys(({ ours, other }) => {
    const sealed = seal(ours, LABEL, Buffer.from("do it"));
    const others: Partial<Label>[] = [{ kind: "result" }, { batch: "c" }, { of: "a.2" }];
    for (const wrong of others) expect(() => unseal(ours, { ...LABEL, ...wrong }, sealed)).toThrow(/is not sealed/);
    expect(() => unseal(other, LABEL, sealed)).toThrow(/is not sealed/);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => unseal(ours, LABEL, changed)).toThrow(/is not sealed/);
    }
    for (const length of [0, 1, 28])
      expect(() => unseal(ours, LABEL, sealed.subarray(0, length))).toThrow(/is not sealed/);
  });
});

test("a small sealed text that would unpack to more than the limit is refused", async () => {
  await withKeys(({ ours }) => {
    const sealed = seal(ours, LABEL, Buffer.alloc(1_000_000));
    expect(sealed.length).toBeLessThan(10_000);
    expect(() => unseal(ours, LABEL, sealed, 1000)).toThrow(/larger than 1000 bytes/);
  });
});
