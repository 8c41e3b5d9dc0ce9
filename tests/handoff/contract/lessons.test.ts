import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Lesson } from "../../../src/handoff/contract/lesson.ts";
import { appendLesson, matchingLessons, parseLessons } from "../../../src/handoff/contract/lessons.ts";
import { tempFolder } from "../../support/temp-folder.ts";

function lesson(of: Partial<Lesson> = {}): Lesson {
  return {
    date: "2026-11-21",
    kind: "pattern",
    taskId: "auth-001",
    scope: ["src/auth.ts"],
    text: "Name the clock.",
    ...of,
  };
}

describe("the lessons of a project", () => {
  test("begin with the first, in a file that people can read", async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, ".ask-codex", "lessons.md");
    await appendLesson({ root: temp.path, path, document: join(temp.path, "docs", "CODEX my auth.md") }, lesson());
    expect(await readFile(path, "utf8")).toBe(`# Lessons

## 2026-11-21 · pattern · [auth-001](../docs/CODEX%20my%20auth.md)

Scope: \`src/auth.ts\`

Name the clock.
`);
  });

  test.each(["# Ours\n\nSome words.\n", "# Ours\n\nno line end", "# Ours\n\n\n", "\uFEFF# Ours\r\n"])(
    "are added to what is there: %j",
    async (before) => {
      await using temp = await tempFolder();
      const path = join(temp.path, "lessons.md");
      await writeFile(path, before);
      await appendLesson({ root: temp.path, path, document: join(temp.path, "a.md") }, lesson({ text: "One" }));
      await appendLesson({ root: temp.path, path, document: join(temp.path, "a.md") }, lesson({ text: "Two" }));
      const after = await readFile(path, "utf8");
      expect(after.startsWith(before)).toBe(true);
      expect(after.slice(before.length)).toMatch(/^\n?\n?## /);
      expect(parseLessons(after).map(({ text }) => text)).toEqual(["One", "Two"]);
    },
  );

  test("are read as they were learned, whatever they say", async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, "lessons.md");
    const learned = [
      lesson({ kind: "anti-pattern", scope: ["my dir/ü 'q'.ts", 'a"b`c.ts', "**/*.{ts,tsx}", "`", "a.ts:3-9"] }),
      lesson({ kind: "quality-bar", scope: [], text: "Scope: `everything` is said" }),
      lesson({ text: "## 2026-11-21 · pattern · no heading" }),
      lesson({ text: "日本語" }),
    ];
    for (const one of learned) await appendLesson({ root: temp.path, path, document: join(temp.path, "a.md") }, one);
    expect(parseLessons(await readFile(path, "utf8"))).toEqual(learned);
  });

  test("are one line each", async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, "lessons.md");
    await appendLesson(
      { root: temp.path, path, document: join(temp.path, "a.md") },
      lesson({ text: " One\n\n## two\tthree " }),
    );
    expect(parseLessons(await readFile(path, "utf8"))).toEqual([lesson({ text: "One ## two three" })]);
  });

  test("match a task that may change the same files, newest first", async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, "lessons.md");
    const learned = {
      one: ["src/auth.ts"],
      two: ["src/auth/**"],
      three: ["docs/"],
      four: ["**/*.ts"],
      five: [],
      six: ["src/auth.ts:90-99"],
    };
    for (const [text, scope] of Object.entries(learned))
      await appendLesson({ root: temp.path, path, document: path }, lesson({ text, scope }));
    const texts = async (...scope: string[]) => (await matchingLessons(path, scope)).map(({ text }) => text);
    expect(await texts("src/auth.ts:45-89")).toEqual(["five", "four", "one"]);
    expect(await texts("src/auth/", "docs/a.md")).toEqual(["five", "four", "three", "two"]);
    expect(await texts("lib/a.js")).toEqual(["five"]);
  });

  test("are none without a file, and are not guessed from what is not an entry", async () => {
    await using temp = await tempFolder();
    expect(await matchingLessons(join(temp.path, "none.md"), ["a"])).toEqual([]);
    expect(
      parseLessons("# Lessons\n\n## Style\n\nScope: `a`\n\nwords\n\n## 2026-11-21 · opinion · a\n\nScope: `a`\n\nx\n"),
    ).toEqual([]);
  });

  test("that cannot be read or written are an error", async () => {
    await using temp = await tempFolder();
    await mkdir(join(temp.path, "lessons.md"));
    const path = join(temp.path, "lessons.md");
    await expect(matchingLessons(path, ["a"])).rejects.toMatchObject({ kind: "usage" });
    await expect(appendLesson({ root: temp.path, path, document: path }, lesson())).rejects.toMatchObject({
      kind: "usage",
    });
  });
});
