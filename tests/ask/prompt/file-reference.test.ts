import { mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveFileReferences } from "../../../src/ask/prompt/file-reference.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";

let temp: TempFolder;
let root: string;
beforeAll(async () => {
  temp = await tempFolder();
  root = await realpath(temp.path);
  await mkdir(join(root, "src"));
  await symlink("src", join(root, "linked"));
  for (const name of ["src/a.ts", "b,c.ts", "d.ts", "e.ts", "notes:12", "x#L3", "it's (odd) ü.ts"])
    await writeFile(join(root, name), "");
});
afterAll(() => temp[Symbol.asyncDispose]());

test.each([
  { value: "src/a.ts", told: ["src/a.ts +"] },
  { value: " src/a.ts ", told: ["src/a.ts +"] },
  { value: "src/a.ts:12", told: ["src/a.ts:12 +"] },
  { value: "src/a.ts:12-20", told: ["src/a.ts:12-20 +"] },
  { value: "src/a.ts:12:4", told: ["src/a.ts:12:4 +"] },
  { value: "src/a.ts#L3", told: ["src/a.ts#L3 +"] },
  { value: "src/a.ts#L3-L9", told: ["src/a.ts#L3-L9 +"] },
  { value: "no.ts", told: ["no.ts -"] },
  { value: "no.ts:7", told: ["no.ts:7 -"] },
  { value: "d.ts,e.ts", told: ["d.ts +", "e.ts +"] },
  { value: "d.ts:3, no.ts ,,e.ts#L1", told: ["d.ts:3 +", "no.ts -", "e.ts#L1 +"] },
  { value: "b,c.ts", told: ["b,c.ts +"] },
  { value: "b,c.ts:4", told: ["b,c.ts:4 +"] },
  { value: "notes:12", told: ["notes:12 +"] },
  { value: "x#L3", told: ["x#L3 +"] },
  { value: "it's (odd) ü.ts", told: ["it's (odd) ü.ts +"] },
  { value: "./src/../d.ts", told: ["d.ts +"] },
  { value: "linked/a.ts", told: ["src/a.ts +"] },
  { value: "src", told: ["src +"] },
  { value: "", told: [] },
  { value: " , ", told: [] },
])("$value is told as $told", async ({ value, told }) => {
  const found = await resolveFileReferences([value], root);
  const short = found.map(({ told: path, exists }) => `${path.replace(`${root}/`, "")} ${exists ? "+" : "-"}`);
  expect(short).toEqual(told);
});

test("an absolute path stays one, and many values keep their order", async () => {
  const found = await resolveFileReferences(["/nowhere/x.ts:3", "d.ts", "e.ts"], root);
  expect(found).toEqual([
    { told: "/nowhere/x.ts:3", exists: false },
    { told: join(root, "d.ts"), exists: true },
    { told: join(root, "e.ts"), exists: true },
  ]);
});
