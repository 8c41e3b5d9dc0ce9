import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runClaude } from "../support/claude/claude.ts";
import { bash, say, use } from "../support/claude/messages-api.ts";
import {
  asPlugin,
  copyByHand,
  installForUser,
  installInProject,
  type Place,
  plainHome,
} from "../support/claude/places.ts";
import { commandIn, heredocOf, keysIn, loadedIn, skill } from "../support/claude/skill-text.ts";
import { say as codexSays, run } from "../support/model/replies.ts";
import { toldTo } from "../support/model/wire.ts";
import { packRelease, unpackRelease } from "../support/release/release.ts";
import { withClaude } from "../support/suite.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";
import { createWorld, type World } from "../support/world.ts";

let packing: TempFolder;
let release: string;
beforeAll(async () => {
  packing = await tempFolder();
  release = await unpackRelease(await packRelease(packing.path), packing.path);
});
afterAll(() => packing[Symbol.asyncDispose]());

const PLACES: readonly { where: string; make: (world: World, home: string) => Promise<Place> }[] = [
  { where: "for the user", make: installForUser },
  { where: "in a home with a blank in its path", make: (world) => installForUser(world) },
  { where: "in a project", make: installInProject },
  { where: "copied by hand", make: (_, home) => copyByHand(release, home) },
  { where: "as a plugin", make: async () => asPlugin(release) },
];

// What the first command of SKILL.md names.
const FILES = {
  "src/parse.ts": "// parse\n".repeat(100),
  "app/[id]/page.tsx": "// page\n",
  "package.json": JSON.stringify({ scripts: { test: "test -e fixed.txt" } }),
};

const TITLE = "the skill is listed, loaded, and its command runs unasked as it is written: $where";

withClaude("rest", (version) => {
  test.each(PLACES.slice(0, 1))(TITLE, (place) => doMainJob(version, place));
});

withClaude("further", (version) => {
  test.each(PLACES.slice(1))(TITLE, (place) => doMainJob(version, place));
});

async function doMainJob(version: string, { make }: (typeof PLACES)[number]): Promise<void> {
  await using home = await plainHome();
  await using world = await createWorld({
    script: [run("echo fixed > fixed.txt"), codexSays("The last line **stays**.")],
    files: FILES,
  });
  const { as, skill: folder, env, flags } = await make(world, home.path);
  const end = await runClaude(world, {
    ...{ version, env, flags, prompt: "use codex to make parse() keep the last line" },
    script: [
      use("Skill", { skill: as }),
      (conversation) => bash(commandIn(conversation, /\/ask_codex"/), { timeout: 600_000 }),
      ({ result }) => say(result.text),
    ],
  });
  expect(end).toMatchObject({ code: 0, denials: [], stderr: "" });
  const [asked, loaded, done] = end.api.conversations;
  const listed = asked?.texts.join("\n").split("\n") ?? [];
  expect(listed).toContain(`- ${as}: ${skill.frontmatter["description"]}`);
  if (!loaded || !done) throw new Error("Claude Code did not come to its end");
  const body = skill.body.replaceAll(/\$\{CLAUDE_SKILL_DIR\}/g, () => folder).trim();
  expect(loadedIn(loaded).trim()).toBe(`Base directory for this skill: ${folder}\n\n${body}`);

  expect(done.result.isError).toBe(false);
  expect(end.answer).toBe(done.result.text);
  // The answer was on stdout: no report was read, and what was costs little.
  expect(done.results).toHaveLength(2);
  expect(done.result.text.length).toBeLessThanOrEqual(350 * 3.6);
  const keys = keysIn(done.result.text);
  expect(keys).toMatchObject({ status: "completed", files_changed: "1", checks: "1/1" });
  expect(done.result.text).toContain("\n| The last line **stays**.");
  expect(done.result.text).toContain("[codex] changed: fixed.txt (+1 −0)");
  expect(await readFile(keys["output_path"] ?? "", "utf8")).toContain(`session ${keys["session_id"]} · `);
  expect(await readFile(join(world.workspace, "fixed.txt"), "utf8")).toBe("fixed\n");
  const task = heredocOf(commandIn(loaded, /\/ask_codex"/));
  expect(task).toContain("`npm test`");
  expect(toldTo(world.model.requests[0]).at(-1)).toBe(task);
}
