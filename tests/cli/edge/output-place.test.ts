import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { outputPlace } from "../../../src/cli/edge/output-place.ts";
import { tempFolder } from "../../support/temp-folder.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  { path: "repo/.git/config", why: "the files of git" },
  { path: "repo/.git/hooks/post-commit", why: "the files of git" },
  { path: "repo/.GIT/new", why: "the files of git" },
  { path: "sub/.git", why: "the files of git" },
  { path: "bare/config", why: "the files of git" },
  { path: "way-in/config", why: "the files of git" },
  { path: "state/ledger.jsonl", why: "ask-codex's own state" },
  { path: "state/runs/new/report.md", why: "ask-codex's own state" },
  { path: "sessions/one/report.md", why: "ask-codex's own state" },
  { path: "repo/out", why: "leads out of" },
  { path: "repo/dangling", why: "is a link" },
  { path: "repo", why: "is a folder" },
])("$path is refused as the place of a file: $why", async ({ path, why }) => {
  await using made = await folders();
  const { at } = made;
  const asked = path === "repo/out" ? at("repo/out/report.md") : at(path);
  expect(() => outputPlace("--output", asked, at("repo"))).toThrow(why);
});

test.each(["repo/report.md", "repo/.github/report.md", "repo/docs/.gitignore", "new/folder/report.md"])(
  "%s is a place for a file",
  async (path) => {
    await using made = await folders();
    const { at } = made;
    expect(outputPlace("--output", at(path), at("repo"))).toBe(at(path));
  },
);

/** A repository, a bare one, a submodule's, a link into the first, and a state folder of ours. */
async function folders() {
  const folder = await tempFolder();
  const at = (name: string) => join(folder.path, name);
  for (const name of ["repo/.git/hooks", "bare/objects", "bare/refs", "state", "sessions", "sub", "elsewhere"])
    await mkdir(at(name), { recursive: true });
  await writeFile(at("bare/HEAD"), "ref: refs/heads/main\n");
  await writeFile(at("sub/.git"), "gitdir: ../repo/.git/modules/sub\n");
  await symlink(at("repo/.git"), at("way-in"));
  await symlink(at("elsewhere"), at("repo/out"));
  await symlink(at("nowhere"), at("repo/dangling"));
  vi.stubEnv("ASK_CODEX_HOME", at("state"));
  vi.stubEnv("CODEX_BROKER_SESSION_ROOT", at("sessions"));
  return { at, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}
