import { expect, test } from "vitest";
import { judge } from "../../../src/handoff/judge/judge.ts";
import { committed, type Repository } from "../../support/git/repository.ts";
import { contract } from "../../support/samples/handoff.ts";
import { workIn } from "../../support/work-in.ts";

const held = contract({ scope: { files: ["src/**", "sub/docs/"], forbid: [] } }, { maxFiles: 50 });

test("edits of the user in a submodule are not blamed, edits beside them and in the same file are", async () => {
  const repository = withSubmodule();
  repository.write("sub/mine.txt", "mine\n");
  repository.write("sub/f.txt", "mine\n");
  const [first, second, third] = await workIn(repository, held, [
    () => repository.write("src/a.ts", "1\n"),
    () => repository.write("sub/docs/new.md", "in scope\n"),
    () => repository.write("sub/f.txt", "mine\nCodex's\n"),
  ]);
  expect(told(first)).toEqual(["added src/a.ts"]);
  expect(told(second)).toEqual(["added src/a.ts", "changed sub"]);
  expect(judge(held, second?.facts ?? fail())).toEqual([]);
  expect(third?.facts.files[1]?.inside).toEqual(["sub/docs/new.md", "sub/f.txt"]);
  expect(judge(held, third?.facts ?? fail())).toMatchObject([
    { rule: "scope", path: "sub", message: expect.stringMatching(/^sub\/f\.txt was changed/) },
  ]);
});

test("a submodule in a submodule is looked into, and the outermost is the one that changed", async () => {
  const repository = withSubmodule();
  repository.git(
    "-C",
    "sub",
    "-c",
    "protocol.file.allow=always",
    "submodule",
    "--quiet",
    "add",
    origin().root,
    "in ner",
  );
  repository.git("-C", "sub", "commit", "--quiet", "--message=inner");
  repository.git("commit", "--quiet", "--all", "--message=inner");
  const [work] = await workIn(repository, held, [() => repository.write("sub/in ner/f.txt", "x\n")]);
  expect(work?.facts.files).toMatchObject([{ path: "sub", inside: ["sub/in ner/f.txt"] }]);
});

test("files in the folder of a submodule that is not checked out are seen", async () => {
  const repository = withSubmodule();
  repository.git("submodule", "--quiet", "deinit", "--force", "sub");
  const [work] = await workIn(repository, held, [() => repository.write("sub/deep/evil.js", "x\n")]);
  expect(work?.facts.files).toMatchObject([{ path: "sub", inside: ["sub/deep/evil.js"] }]);
});

test("a commit in a submodule is one change of it", async () => {
  const repository = withSubmodule();
  const [work] = await workIn(repository, held, [
    () => {
      repository.write("sub/f.txt", "x\n");
      repository.git("-C", "sub", "commit", "--quiet", "--all", "--message=x");
    },
  ]);
  expect(told(work)).toEqual(["changed sub"]);
});

test("no program that a submodule's configuration names is run", async () => {
  const repository = withSubmodule();
  const [work] = await workIn(repository, held, [
    () => {
      repository.git("-C", "sub", "config", "filter.evil.clean", `touch '${repository.root}/ran'; cat`);
      repository.git("-C", "sub", "config", "core.fsmonitor", `touch '${repository.root}/ran'; false`);
      repository.write("sub/.gitattributes", "* filter=evil\n");
      repository.write("sub/f.txt", "x\n");
    },
  ]);
  expect(work?.facts.files).toMatchObject([{ path: "sub", inside: ["sub/.gitattributes", "sub/f.txt"] }]);
});

test("what validation commands do in a submodule is not Codex's doing", async () => {
  const repository = withSubmodule();
  const validated = { ...held, handoff: { ...held.handoff, validation: ["echo x >> sub/f.txt"] } };
  const edits = ["1\n", "2\n"].map((text) => () => repository.write("src/a.ts", text));
  const [first, second] = await workIn(repository, validated, edits);
  expect([told(first), told(second)]).toEqual([["added src/a.ts"], ["added src/a.ts"]]);
});

function origin(): Repository {
  return committed({ "f.txt": "f\n", "docs/a.md": "a\n" });
}

function withSubmodule(): Repository {
  const repository = committed({ "README.md": "r\n" });
  repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", origin().root, "sub");
  repository.git("commit", "--quiet", "--message=sub");
  for (const name of ["user.name", "user.email"]) repository.git("-C", "sub", "config", name, "t@example.org");
  return repository;
}

function told(work: Awaited<ReturnType<typeof workIn>>[number] | undefined): string[] {
  return (work?.facts.files ?? fail()).map(({ kind, path }) => `${kind} ${path}`);
}

function fail(): never {
  throw new Error("no round");
}
