import { chmodSync } from "node:fs";
import { expect, test } from "vitest";
import { judge } from "../../../src/handoff/judge/judge.ts";
import { committed } from "../../support/git/repository.ts";
import { contract } from "../../support/samples/handoff.ts";
import { type Work, workIn } from "../../support/work-in.ts";

const held = contract({ scope: { files: ["src/**", ".gitignore"], forbid: [] } }, { maxFiles: 50 });
const CACHE = "Signature: 8a477f597d28d172789f06886806bc55\n";

test("a rule that stood in a changed ignore file before hides nothing, a new one does", async () => {
  const repository = committed({ ".gitignore": "dist/\n*.log\n", "src/a.ts": "a\n" });
  repository.write("old/a.log", "mine\n");
  const [work] = await workIn(repository, held, [
    () => {
      repository.write(".gitignore", "# more\r\ndist/\r\n*.log\r\nold/\nnew/\nsrc/own.ts\n");
      repository.write("dist/deep/x.js", "x\n");
      repository.write("old/b.txt", "b\n");
      repository.write("more/b.log", "b\n");
      repository.write("new/ü d.js", "n\n");
      repository.write("src/own.ts", "in scope, and hidden\n");
    },
  ]);
  expect(broken(work)).toEqual(["scope new/ü d.js", "scope old/b.txt"]);
  expect(work?.facts.remarks).toEqual([expect.stringMatching(/dist\/, more\/b\.log; that was not judged/)]);
});

test("a file that was there before is not hidden by the work, even when it is ignored now", async () => {
  const repository = committed({ ".gitignore": "*.log\n", "src/a.ts": "a\n" });
  repository.write("notes.txt", "mine, not added\n");
  repository.write("logs/a.log", "mine, ignored\n");
  const [work] = await workIn(repository, held, [() => repository.write(".gitignore", "*.log\nnotes.txt\nlogs/\n")]);
  expect(broken(work)).toEqual([]);
  expect(work?.facts.files.map(({ path }) => path)).toEqual([".gitignore"]);
});

test("an ignore file that is ignored itself is a change like others, whether it is new or was there", async () => {
  const repository = committed({ "lib/a.ts": "a\n" });
  repository.write(".gitignore", ".gitignore\nbuild/\n");
  repository.write("self/.gitignore", "*\n");
  repository.write("lib/.gitignore", "x.ts\n");
  repository.write("build/.gitignore", "*\n");
  const [first, second] = await workIn(repository, held, [
    () => repository.write("build/.gitignore", "!*\n"),
    () => {
      repository.write("lib/.gitignore", "x.ts\ny.ts\n");
      repository.write("lib/x.ts", "by an old rule\n");
      repository.write("self/x.ts", "by an old rule\n");
      repository.write("lib/y.ts", "y\n");
      repository.write("other/.gitignore", "z\n");
      repository.write("other/z", "z\n");
    },
  ]);
  expect(broken(first)).toEqual([]);
  expect(broken(second)).toEqual(["scope lib/.gitignore", "scope lib/y.ts", "scope other/z"]);
});

test("the caches that tools make where they are started are told, and not blamed", async () => {
  const repository = committed({ "src/a.ts": "a\n" });
  const [work] = await workIn(repository, held, [
    () => {
      repository.write(".pytest_cache/.gitignore", "*\n");
      repository.write(".pytest_cache/CACHEDIR.TAG", CACHE);
      repository.write(".pytest_cache/v/cache/lastfailed", "{}\n");
      repository.write("evil/.gitignore", "*\n");
      repository.write("evil/sub/CACHEDIR.TAG", CACHE);
    },
  ]);
  expect(broken(work)).toEqual(["scope evil/.gitignore", "scope evil/sub/CACHEDIR.TAG"]);
  expect(work?.facts.remarks).toEqual([expect.stringContaining(" .pytest_cache/;")]);
});

test("what validation commands make git ignore is not Codex's doing, in later rounds neither", async () => {
  const repository = committed({ "src/a.ts": "a\n" });
  const validated = { ...held.handoff, validation: ["mkdir -p out; echo '*' > out/.gitignore; echo x >> out/x.js"] };
  const [first, second] = await workIn(repository, { ...held, handoff: validated }, [
    () => repository.write("src/a.ts", "1\n"),
    () => repository.write("src/a.ts", "2\n"),
  ]);
  expect([broken(first), broken(second)]).toEqual([[], []]);
  expect(second?.facts.remarks).toEqual([]);
});

test("a hidden file that cannot be read is out of scope all the same", async () => {
  const repository = committed({ "src/a.ts": "a\n" });
  const [work] = await workIn(repository, held, [
    () => {
      repository.write(".gitignore", "secret\n");
      repository.write("secret", "s\n");
      chmodSync(`${repository.root}/secret`, 0o000);
    },
  ]);
  expect(broken(work)).toEqual(["scope secret"]);
});

function broken(work: Work | undefined): string[] {
  if (work === undefined) throw new Error("no round");
  return judge(held, work.facts).map(({ rule, path }) => `${rule} ${path}`);
}
