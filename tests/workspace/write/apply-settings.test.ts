import { existsSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { committed, type Repository, scratchFolder } from "../../support/git/repository.ts";
import { apply, patchFrom } from "../../support/git/worktrees.ts";

const LINES = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join("");

test("the kinds of blanks and line ends that the settings fix or refuse arrive as they are", async () => {
  const repository = committed({ "a.txt": LINES });
  const patch = await patchFrom(repository, ({ write }) => write("a.txt", LINES.replace("line 3", " \tline 3 \t")));
  repository.git("config", "apply.whitespace", "error-all");
  repository.git("config", "apply.ignoreWhitespace", "change");
  repository.git("config", "core.whitespace", "tab-in-indent,space-before-tab,trailing-space");
  expect(await apply(repository, patch)).toMatchObject({ type: "applied" });
  expect(read(repository, "a.txt")).toBe(LINES.replace("line 3", " \tline 3 \t"));
});

test("files whose line ends git converts keep them", async () => {
  const repository = committed({ "a.txt": LINES });
  repository.git("config", "core.autocrlf", "true");
  repository.git("rm", "--quiet", "--cached", "a.txt");
  repository.git("reset", "--quiet", "--hard");
  const patch = await patchFrom(repository, ({ write }) => {
    write("a.txt", LINES.replace("line 3", "Codex").replaceAll("\n", "\r\n"));
    write("new.txt", "new\r\n");
  });
  repository.write("a.txt", LINES.replace("line 25", "user").replaceAll("\n", "\r\n"));
  expect(await apply(repository, patch)).toMatchObject({ type: "applied" });
  const both = LINES.replace("line 25", "user").replace("line 3", "Codex");
  expect(read(repository, "a.txt")).toBe(both.replaceAll("\n", "\r\n"));
  expect(read(repository, "new.txt")).toBe("new\r\n");
});

test("no filter and no merge driver runs, and a filtered file is merged as it lies there", async () => {
  const repository = committed({ "a.txt": LINES, ".gitattributes": "*.txt filter=upper merge=spy\n" });
  const marker = join(scratchFolder(), "started");
  repository.git("config", "filter.upper.clean", "sed s/LINE/line/");
  repository.git("config", "filter.upper.smudge", "sed s/line/LINE/");
  repository.git("rm", "--quiet", "--cached", "a.txt");
  repository.git("reset", "--quiet", "--hard");
  utimesSync(join(repository.root, "a.txt"), 1, 1);
  repository.git("update-index", "--refresh"); // old enough for git not to look at it again
  repository.git("config", "filter.upper.clean", `sh -c 'echo clean >> "${marker}"; cat'`);
  repository.git("config", "filter.upper.smudge", `sh -c 'echo smudge >> "${marker}"; cat'`);
  repository.git("config", "merge.spy.driver", `echo merge >> "${marker}"`);
  const conflicting = await patchFrom(repository, ({ write }) => write("a.txt", LINES.replace("line 3", "Codex")));
  expect(await apply(repository, conflicting)).toEqual({ type: "conflicts", paths: ["a.txt"] });
  const fitting = await patchFrom(repository, ({ write }) => write("new.txt", "new\n"));
  expect(await apply(repository, fitting)).toMatchObject({ type: "applied" });
  expect(existsSync(marker)).toBe(false);
});

function read({ root }: Repository, path: string): string {
  return readFileSync(join(root, path), "utf8");
}
