import { chmodSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ReportedFinding } from "../../../src/review/finding/finding.ts";
import { placeFinding } from "../../../src/review/finding/place-finding.ts";
import { readFiles } from "../../../src/review/target/file-lookup.ts";
import { resolveTarget, type Target, type TargetRequest } from "../../../src/review/target/target.ts";
import {
  committed,
  emptyRepository,
  type Repository,
  repositoryAt,
  scratchFolder,
  workTreeOf,
} from "../../support/git/repository.ts";

async function target(repository: Repository, request: TargetRequest = { type: "uncommitted" }): Promise<Target> {
  const place = { tree: await workTreeOf(repository.root), folder: scratchFolder("private") };
  return resolveTarget(request, { ...place, signal: new AbortController().signal });
}

const filesOf = ({ files }: Target) =>
  files.map(({ kind, path, from }) => `${kind} ${from ? `${from} -> ` : ""}${path}`);

describe("what is not committed", () => {
  test("has every kind of change, untracked files included, and nothing that is ignored", async () => {
    const long = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join("");
    const repository = committed({
      "a.ts": "a\n",
      "run.sh": "#!/bin/sh\n",
      "old.ts": long,
      "gone.ts": "x\n",
      ".gitignore": "out\n",
    });
    repository.write("a.ts", "b\n");
    repository.write("ü b.ts", "new\n");
    repository.write("logo.bin", new Uint8Array([0, 1, 2]));
    repository.write("out", "ignored\n");
    repository.remove("gone.ts");
    renameSync(join(repository.root, "old.ts"), join(repository.root, "new.ts"));
    chmodSync(join(repository.root, "run.sh"), 0o755);
    const found = await target(repository);
    expect(filesOf(found).toSorted()).toEqual(
      [
        "added logo.bin",
        "added ü b.ts",
        "changed a.ts",
        "deleted gone.ts",
        "mode run.sh",
        "renamed old.ts -> new.ts",
      ].toSorted(),
    );
    expect(found.inPlace).toBe(true);
  });

  test("is everything before the first commit", async () => {
    const repository = emptyRepository();
    repository.write("a.ts", "a\n");
    expect(filesOf(await target(repository))).toEqual(["added a.ts"]);
  });

  test("is nothing where nothing is", async () => {
    expect(filesOf(await target(committed({ "a.ts": "a\n" })))).toEqual([]);
  });
});

describe("commits", () => {
  function branched(): Repository {
    const repository = committed({ "a.ts": "a\n" });
    repository.git("switch", "--quiet", "-c", "feature");
    repository.write("b.ts", "b\n");
    repository.git("add", "--all");
    repository.git("commit", "--quiet", "--message=feature");
    repository.git("switch", "--quiet", "main");
    repository.write("c.ts", "c\n");
    repository.git("add", "--all");
    repository.git("commit", "--quiet", "--message=main");
    return repository;
  }

  test("a root commit is held against nothing", async () => {
    const repository = committed({ "a.ts": "a\n" });
    expect(filesOf(await target(repository, { type: "commit", ref: "HEAD" }))).toEqual(["added a.ts"]);
  });

  test("a merge is held against its first parent", async () => {
    const repository = branched();
    repository.git("merge", "--quiet", "--no-ff", "--message=merge", "feature");
    expect(filesOf(await target(repository, { type: "commit", ref: "HEAD" }))).toEqual(["added b.ts"]);
  });

  test("a range begins where the two parted, and is not what lies here", async () => {
    const found = await target(branched(), { type: "range", from: "main", to: "feature" });
    expect(filesOf(found)).toEqual(["added b.ts"]);
    expect(found.inPlace).toBe(false);
  });

  test("a branch since its base has what is not committed as well", async () => {
    const repository = branched();
    repository.git("switch", "--quiet", "feature");
    repository.write("d.ts", "d\n");
    expect(filesOf(await target(repository, { type: "base", ref: "main" }))).toEqual(["added b.ts", "added d.ts"]);
  });

  test("what a shallow clone lacks is named", async () => {
    const origin = branched();
    const clone = join(scratchFolder("clones"), "shallow");
    origin.git("clone", "--quiet", "--depth=1", `file://${origin.root}`, clone);
    const shallow = repositoryAt(clone);
    await expect(target(shallow, { type: "commit", ref: "HEAD" })).rejects.toThrow("shallow clone");
    await expect(target(shallow, { type: "base", ref: "origin/feature" })).rejects.toThrow("shallow clone");
  });

  test("a ref that looks like an option is a ref", async () => {
    await expect(target(branched(), { type: "commit", ref: "--all" })).rejects.toThrow("there is no commit --all");
  });
});

test("a finding is placed on the right side of a renamed file, under either name, whatever its line ends", async () => {
  const text = Array.from({ length: 30 }, (_, at) => `line ${at}();\r\n`);
  const repository = committed({ "old.ts": text.join("") });
  repository.remove("old.ts");
  repository.write("new.ts", text.with(10, "changed();\r\n").join(""));
  const found = await target(repository);
  const lookUp = await readFiles(found, ["old.ts", "new.ts"]);
  const place = (path: string, code: string) => placeFinding({ ...FINDING, path, code }, "codex", lookUp).anchor;
  for (const path of ["old.ts", "new.ts", "./new.ts", "b/new.ts"]) {
    expect(place(path, "changed();"), path).toMatchObject({ type: "exact", path: "new.ts", side: "new", line: 11 });
  }
  expect(place("new.ts", "line 10();")).toMatchObject({ type: "exact", side: "old", line: 11 });
  expect(place("elsewhere.ts", "changed();")).toMatchObject({ type: "unanchored" });
});

test("files that git is asked for by name have the hunks that they have among all others", async () => {
  const lines = Array.from({ length: 20 }, (_, at) => `line ${at}();\n`);
  const repository = committed({ "a.ts": lines.join(""), "ü.ts": "x\n", "[a].ts": "y\n", "gone.ts": lines.join("") });
  repository.write("a.ts", lines.with(10, "changed();\n").join(""));
  repository.write("[a].ts", "z\n");
  repository.write("b.ts", "new\n");
  repository.write("ü.ts", "z\n");
  repository.remove("gone.ts");
  const found = await target(repository);
  const named = ["a.ts", "b.ts", "[a].ts", "gone.ts", "nowhere.ts"];
  const [alone, among] = [await readFiles(found, named), await readFiles(found, [...named, "ü.ts"])];
  for (const path of named) expect(alone(path), path).toEqual(among(path));
  expect(alone("a.ts")?.hunks).toEqual([{ before: { start: 11, count: 1 }, after: { start: 11, count: 1 } }]);
});

const FINDING: ReportedFinding = {
  title: "t",
  severity: "major",
  confidence: 1,
  category: "correctness",
  scenario: "s",
  path: "",
  code: "",
  suggestion: null,
};
