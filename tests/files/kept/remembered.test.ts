import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { remember } from "../../../src/files/kept/remembered.ts";
import { tempFolder } from "../../support/temp-folder.ts";

/** Facts in a file, and which names were read anew for them. */
function reading(path: string, values: Readonly<Record<string, string | null>>) {
  const read: string[] = [];
  const facts = remember(path, (name) => {
    read.push(name);
    return values[name] ?? null;
  });
  return { read, facts };
}

test("what was read of an entry is read again only when the entry is another one", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "facts.log");
  const first = reading(path, { a: "/work\ta", b: "/work\nb" });
  expect(first.facts.of({ name: "a", stamp: "1" })).toBe("/work\ta");
  expect(first.facts.of({ name: "b", stamp: "1" })).toBe("/work\nb");
  await first.facts.save(2);
  const second = reading(path, { a: "/moved", b: "/unused" });
  expect(second.facts.of({ name: "a", stamp: "2" })).toBe("/moved");
  expect(second.facts.of({ name: "b", stamp: "1" })).toBe("/work\nb");
  expect(second.read).toEqual(["a"]);
});

test("what cannot be read is not remembered, nor is a name that could pass for another line", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "facts.log");
  const { facts } = reading(path, { "x\nb": "forged", good: "fact" });
  expect(facts.of({ name: "damaged", stamp: "1" })).toBeNull();
  expect(facts.of({ name: "x\nb", stamp: "1" })).toBe("forged");
  expect(facts.of({ name: "good", stamp: "1" })).toBe("fact");
  await facts.save(3);
  expect(await readFile(path, "utf8")).toBe('good\t1\t"fact"\n');
});

test("a line that was cut off counts for nothing, and the next one is whole", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "facts.log");
  await writeFile(path, 'a\t1\t"/wo');
  const { read, facts } = reading(path, { a: "/work" });
  expect(facts.of({ name: "a", stamp: "1" })).toBe("/work");
  await facts.save(1);
  expect(read).toEqual(["a"]);
  const again = reading(path, {});
  expect(again.facts.of({ name: "a", stamp: "1" })).toBe("/work");
});

test("facts of entries that are gone go when there are many of them", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "facts.log");
  const gone = Array.from({ length: 3_000 }, (_, index) => `gone${index}\t1\t"x"\n`);
  await writeFile(path, gone.join(""));
  const { facts } = reading(path, { a: "here" });
  facts.of({ name: "a", stamp: "1" });
  await facts.save(1);
  expect(await readFile(path, "utf8")).toBe('a\t1\t"here"\n');
});

test("a pipe in its place keeps nothing waiting", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "facts.log");
  execFileSync("mkfifo", [path]);
  const { facts } = reading(path, { a: "here" });
  expect(facts.of({ name: "a", stamp: "1" })).toBe("here");
  await facts.save(1);
});
