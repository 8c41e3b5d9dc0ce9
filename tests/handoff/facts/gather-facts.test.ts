import { chmodSync, mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ChangedFile } from "../../../src/handoff/facts/facts.ts";
import { gatherFacts } from "../../../src/handoff/facts/gather-facts.ts";
import { judge } from "../../../src/handoff/judge/judge.ts";
import { restoreFiles } from "../../../src/workspace/write/restore-files.ts";
import { committed, emptyRepository, type Repository, scratchFolder } from "../../support/git/repository.ts";
import { contract } from "../../support/samples/handoff.ts";
import { type Work, workIn } from "../../support/work-in.ts";

const free = contract({ scope: { files: ["**"], forbid: [] } });

test("every changed file comes with its contents and lines on both sides", async () => {
  const repository = committed({
    "a.txt": "1\n2\n3\n",
    "old name.txt": "o\n".repeat(20),
    "gone.txt": "g\n",
    "x.sh": "x\n",
  });
  repository.write("a.txt", "1\n2 mine\n3\n");
  const { facts } = await one(repository, free, () => {
    repository.write("a.txt", "1\n2 mine\n3\n4\n");
    renameSync(join(repository.root, "old name.txt"), join(repository.root, 'new "é"\n.txt'));
    repository.remove("gone.txt");
    chmodSync(join(repository.root, "x.sh"), 0o755);
    repository.write("bytes.bin", Buffer.from([0, 1]));
    symlinkSync("a.txt", join(repository.root, "link"));
  });
  expect(facts.files.map(told)).toEqual([
    'changed a.txt: "1\\n2 mine\\n3\\n" -> "1\\n2 mine\\n3\\n4\\n" -3,0+4,1',
    "added bytes.bin: null -> null ",
    'deleted gone.txt: "g\\n" -> null -1,1+0,0',
    "added link: null -> null -0,0+1,1",
    `renamed new "é"\n.txt: ${JSON.stringify("o\n".repeat(20))} -> ${JSON.stringify("o\n".repeat(20))} `,
    'mode x.sh: "x\\n" -> "x\\n" ',
  ]);
});

test("lines of a text that .gitattributes hides from git are told as one run", async () => {
  const repository = committed({ "a.gen": "1\n2\n3\n", ".gitattributes": "*.gen -diff\n" });
  const { facts } = await one(repository, free, () => repository.write("a.gen", "1\nx\n3\n"));
  expect(facts.files.map(told)).toEqual(['changed a.gen: "1\\n2\\n3\\n" -> "1\\nx\\n3\\n" -2,1+2,1']);
});

test("ignored files that scope.forbid names are looked at, and no others", async () => {
  const repository = committed({ "a.txt": "a\n", ".gitignore": ".env*\nbuild/\nnode_modules/\n" });
  repository.write(".env", "KEY=1\n");
  repository.write("build/keep.js", "k\n");
  repository.write("node_modules/x/.env", "n\n");
  const held = contract({ scope: { files: ["**"], forbid: [".env", "build/"] } });
  const { facts, ignoredTrees, place } = await one(repository, held, () => {
    repository.write(".env", "KEY=2\n");
    repository.write(".environment", "not named\n");
    repository.write("build/new.js", "n\n");
    repository.write("node_modules/x/.env", "not named\n");
  });
  expect(facts.files.map((file) => `${file.ignored} ${told(file)}`)).toEqual([
    'true changed .env: "KEY=1\\n" -> "KEY=2\\n" -1,1+1,1',
    'true added build/new.js: null -> "n\\n" -0,0+1,1',
  ]);
  expect(judge(held, facts).map(({ rule, path }) => `${rule} ${path}`)).toEqual([
    "forbidden .env",
    "forbidden build/new.js",
  ]);
  const patch = join(scratchFolder("patches"), "ignored.patch");
  const { tree, snapshots: folder } = place;
  const trees = ignoredTrees ?? { before: "", after: "" };
  await restoreFiles({ tree, folder, filters: [], ...trees, files: facts.files }, patch);
  expect(readFileSync(join(repository.root, ".env"), "utf8")).toBe("KEY=1\n");
  expect(() => readFileSync(join(repository.root, "build/new.js"))).toThrow("ENOENT");
});

test("what was ignored at the beginning is nobody's new file when it is ignored no longer", async () => {
  const repository = committed({ "a.txt": "a\n", ".gitignore": "*.log\nbuild/\n.env\n" });
  repository.write("build/deep/a.js", "a\n");
  repository.write("b.log", "b\n");
  repository.write(".env", "KEY=1\n");
  const held = contract({ scope: { files: ["**"], forbid: [".env"] } });
  const untouched = await one(repository, held, () => repository.write(".gitignore", ""));
  expect(untouched.facts.files.map(({ path }) => path)).toEqual([".gitignore"]);
  repository.git("checkout", "--", ".gitignore");
  const touched = await one(repository, held, () => {
    repository.write(".gitignore", "");
    repository.write(".env", "KEY=2\n");
    repository.write("new.log", "n\n");
  });
  expect(touched.facts.files.map(({ path, ignored }) => `${ignored} ${path}`)).toEqual([
    "false .gitignore",
    "false new.log",
    "true .env",
  ]);
});

test("what validation commands leave behind is not Codex's doing, in later rounds neither", async () => {
  const repository = committed({ "a.txt": "a\n", ".gitignore": "build/\n" });
  repository.write("build/out.js", "0\n");
  const validation = ["echo x >> build/out.js; git config user.nickname x; exit 3"];
  const held = contract({ scope: { files: ["**"], forbid: ["build/**"] }, validation });
  const [first, second, third] = await workIn(repository, held, [
    () => repository.write("a.txt", "1\n"),
    () => repository.write("a.txt", "2\n"),
    () => repository.write("build/out.js", "Codex\n"),
  ]);
  expect(first?.facts.files.map(({ path }) => path)).toEqual(["a.txt"]);
  expect(second?.facts.files.map(({ path }) => path)).toEqual(["a.txt"]);
  expect(second?.facts.sealChanged).toEqual([]);
  expect(third?.facts.files.map(({ path }) => path)).toEqual(["a.txt", "build/out.js"]);
});

const SEALED: readonly (readonly [name: string, edit: (repository: Repository) => unknown])[] = [
  ["CODEX-A.md", ({ write }) => write("CODEX-A.md", "other\n")],
  [".ask-codex/policy.yaml", ({ write }) => write(".ask-codex/policy.yaml", "a: 1\n")],
  [".ask-codex/policy.yaml", ({ remove }) => remove(".ask-codex/policy.yaml")],
  [".ask-codex/roles/mine.md", ({ write }) => write(".ask-codex/roles/mine.md", "new\n")],
  [".git/hooks/pre-commit", ({ write }) => write(".git/hooks/pre-commit", "#!/bin/sh\n")],
  ["the git configuration", ({ git }) => git("remote", "add", "evil", "https://example.org/x")],
  ["the git configuration", ({ git }) => git("config", "core.hooksPath", "elsewhere")],
  [".git/info/exclude", ({ write }) => write(".git/info/exclude", "x\n")],
  [".git/info/attributes", ({ write }) => write(".git/info/attributes", "* filter=evil\n")],
];

test.each(SEALED)("a change of %s breaks its seal", async (name, edit) => {
  const repository = committed({ "CODEX-A.md": "doc\n", ".ask-codex/policy.yaml": "{}\n" });
  const { facts } = await one(repository, free, () => edit(repository), join(repository.root, "CODEX-A.md"));
  expect(facts.sealChanged).toEqual([name]);
  expect(judge(free, facts).map(({ rule }) => rule)).toContain("sealed");
});

test("hooks are sealed where core.hooksPath says they are, in folders of it too", async () => {
  const repository = committed({ ".husky/pre-commit": "x\n", ".husky/_/husky.sh": "x\n" });
  repository.git("config", "core.hooksPath", ".husky");
  const { facts } = await one(repository, free, () => {
    repository.write(".husky/_/husky.sh", "y\n");
    repository.write(".husky/commit-msg", "y\n");
    repository.write(".git/hooks/pre-commit", "git would not run it\n");
  });
  expect(facts.sealChanged).toEqual([".husky/_/husky.sh", ".husky/commit-msg"]);
});

test("beside a hooks folder called `_` the scripts of the hooks' names are sealed, and nothing else", async () => {
  const repository = committed({ ".husky/pre-commit": "x\n", ".husky/README.md": "r\n" });
  repository.write(".husky/_/pre-commit", "sh .husky/pre-commit\n");
  repository.git("config", "core.hooksPath", ".husky/_");
  const { facts } = await one(repository, free, () => {
    repository.write(".husky/pre-commit", "y\n");
    repository.write(".husky/commit-msg", "y\n");
    repository.write(".husky/README.md", "y\n");
  });
  expect(facts.sealChanged).toEqual([".husky/commit-msg", ".husky/pre-commit"]);
});

test("what the configuration includes from inside of the repository is sealed, even when it is new", async () => {
  const repository = committed({ "a.txt": "a\n", "git config": "[a]\n\tb = c\n" });
  repository.git("config", "include.path", "../git config");
  repository.git("config", "--add", "include.path", "later");
  const { facts } = await one(repository, free, () => {
    repository.write("git config", "[a]\n\tb = d\n");
    repository.write(".git/later", "[a]\n\tb = e\n");
  });
  expect(facts.sealChanged).toEqual([".git/later", "git config"]);
});

test("a hooks folder that is the root itself seals nothing but hooks", async () => {
  const repository = committed({ "a.txt": "a\n", "pre-commit": "x\n" });
  repository.git("config", "core.hooksPath", ".");
  const { facts } = await one(repository, free, () => {
    repository.write("a.txt", "b\n");
    repository.write("pre-commit", "y\n");
  });
  expect(facts.sealChanged).toEqual(["pre-commit"]);
});

test("in a linked work tree hooks and configuration are those of the repository, and a document may lie outside", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const linked = join(scratchFolder(), "linked");
  repository.git("worktree", "add", "--quiet", linked);
  const document = join(scratchFolder(), "CODEX.md");
  const there: Repository = { ...repository, root: linked };
  const { facts } = await one(
    there,
    free,
    () => {
      repository.write(".git/hooks/pre-push", "x\n");
      repository.git("config", "a.b", "c");
      repository.git("-C", linked, "checkout", "--quiet", "--detach");
      symlinkSync("nowhere", document);
    },
    document,
  );
  expect(facts.sealChanged).toEqual([join(repository.root, ".git/hooks/pre-push"), "the git configuration"]);
  expect(facts.headMoved).toMatch(/^\w{12} \(linked\) to \w{12} \(no branch\)$/);
});

test("commits and refs that the work made are told", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const { facts } = await one(repository, free, () => {
    repository.write("a.txt", "b\n");
    repository.git("commit", "--quiet", "--all", "--message=mine");
    repository.git("tag", "v1");
  });
  expect(facts.headMoved).toMatch(/^\w{12} \(main\) to \w{12} \(main\)$/);
  expect(facts.refsMoved.map(({ ref }) => ref)).toEqual(["refs/heads/main", "refs/tags/v1"]);
  expect(facts.files.map(({ path }) => path)).toEqual(["a.txt"]);
});

test("interfaces are read before and after, changed or not", async () => {
  const repository = committed({ "src/a.ts": "export function a() {}\n", "src/b.ts": "b\n" });
  const interfaces = ["src/a.ts#a", "./src/b.ts: b", "src/none.ts#x", "nonsense"];
  const { facts } = await one(repository, contract({ interfaces }), () => repository.remove("src/a.ts"));
  expect([...facts.interfaceFiles]).toEqual([
    ["src/a.ts", { before: "export function a() {}\n", after: null }],
    ["src/b.ts", { before: "b\n", after: "b\n" }],
    ["src/none.ts", { before: null, after: null }],
  ]);
});

test("validation runs in the root, one command after the other, and all output is kept, a file a round", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const validation = ["pwd; echo \u001b[31mred", "ls missing.txt", "echo third"];
  const [first, second] = await workIn(repository, contract({ validation }), [() => {}, () => {}]);
  expect(first?.begun).toEqual(validation);
  expect(first?.facts.validation.map(({ passed, exitCode }) => [passed, exitCode])).toEqual([
    [true, 0],
    [false, 2],
    [true, 0],
  ]);
  expect(first?.facts.validation[0]?.detail).toBe(`${repository.root}\nred`);
  expect(first?.facts.validation[1]?.detail).toMatch(/^ls: .*missing\.txt/);
  expect(first?.facts.validation[2]?.detail).toBe("third");
  const log = readFileSync(join(second?.folder ?? "", "validation-1.log"), "utf8");
  expect(log).toContain(`$ ${validation[1]}\n`);
  expect(readFileSync(join(first?.folder ?? "", "validation.log"), "utf8")).toContain("third\n");
});

test("expected files and the changes document are looked for on the disk, ignored or not", async () => {
  const repository = committed({ ".gitignore": "out/\n", "there.txt": "t\n" });
  mkdirSync(join(repository.root, "folder"));
  const held = contract({
    expectFiles: ["out/a.js", "there.txt", "folder", "none/x", "there.txt/y"],
    changesDoc: "out/C.md",
  });
  const missing = await one(repository, held, () => {});
  expect(missing.facts.missingFiles).toEqual(["out/a.js", "none/x", "there.txt/y"]);
  expect(missing.facts.changesDoc).toBeNull();
  const there = await one(repository, held, () => {
    repository.write("out/a.js", "a\n");
    repository.write("out/C.md", "changes\n");
  });
  expect(there.facts.missingFiles).toEqual(["none/x", "there.txt/y"]);
  expect(there.facts.changesDoc).toBe("changes\n");
});

test("work that was there before we were is looked at without seals", async () => {
  const repository = emptyRepository();
  repository.write("a.txt", "a\n");
  const work = await one(repository, free, () => repository.write("a.txt", "b\n"));
  const run = {
    changes: work.changes,
    env: {},
    sandbox: null,
    folder: work.folder,
    round: 0,
    known: new Map(),
    deeds: null,
    checking: () => {},
  };
  const { facts, next, ignoredTrees } = await gatherFacts(free, work.place, null, run);
  expect(facts).toEqual(work.facts);
  expect([await next(), ignoredTrees]).toEqual([null, null]);
});

async function one(repository: Repository, held: typeof free, edit: () => unknown, document?: string): Promise<Work> {
  const [work] = await workIn(repository, held, [edit], document);
  if (work === undefined) throw new Error("no round");
  return work;
}

function told({ kind, path, before, after, hunks }: ChangedFile): string {
  const runs = hunks.map(
    (hunk) => `-${hunk.before.start},${hunk.before.count}+${hunk.after.start},${hunk.after.count}`,
  );
  return `${kind} ${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)} ${runs.join(" ")}`;
}
