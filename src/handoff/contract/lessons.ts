import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { isErrno, messageOf, UsageError } from "../../errors.ts";
import { code } from "../../text/markdown.ts";
import { patternsMeet } from "../patterns/meet.ts";
import type { Lesson } from "./lesson.ts";

/** Adds a lesson to the project's file; what is there already stays as it is. `document` is where the task stands. */
export async function appendLesson(path: string, lesson: Lesson, document: string): Promise<void> {
  const { date, kind, taskId, scope, text } = lesson;
  const before = await textOf(path);
  const link = relative(dirname(path), document).split("/").map(encodeURIComponent).join("/");
  const gapBefore =
    before === "" ? "# Lessons\n\n" : before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const on = scope.length === 0 ? EVERYTHING : scope.map(code).join(", ");
  const entry = `## ${date} · ${kind} · [${taskId}](${link})\n\nScope: ${on}\n\n${text.replace(/\s+/g, " ").trim().replace(/^\\*#/, "\\$&")}\n`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `${gapBefore}${entry}`);
  } catch (error) {
    throw new UsageError(`The lessons cannot be written: ${path} (${messageOf(error)})`);
  }
}

/**
 * The lessons that were learned on files which a task may change as well, newest first.
 * @throws UsageError when there is a file that cannot be read
 */
export async function matchingLessons(path: string, scope: readonly string[]): Promise<readonly Lesson[]> {
  const lessons = parseLessons(await textOf(path));
  return lessons.filter((lesson) => lesson.scope.length === 0 || patternsMeet(lesson.scope, scope)).reverse();
}

/** The entries of a lessons file, in their order. What is no entry belongs to whoever wrote it. */
export function parseLessons(text: string): readonly Lesson[] {
  const parts = text.replace(/\r\n?/g, "\n").split(/^(?=## )/m);
  return parts.flatMap((part) => {
    const [, date = "", kind = "", taskId = ""] =
      /^## (\d{4}-\d{2}-\d{2}) [·|-] (pattern|anti-pattern|quality-bar) [·|-] \[?([\w.-]+)/.exec(part) ?? [];
    const [, on = "", said = ""] = /^[^\n]*\n\s*Scope: ([^\n]*)\n([\s\S]*)/.exec(part) ?? [];
    const words = said
      .replace(/\s+/g, " ")
      .trim()
      .replace(/^\\(?=\\*#)/, "");
    if (date === "" || words === "") return [];
    return [{ date, kind: kind as Lesson["kind"], taskId, scope: on === EVERYTHING ? [] : codesIn(on), text: words }];
  });
}

const EVERYTHING = "everything";

function codesIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/(`+)(.+?)\1(?!`)/g)].map(([, ticks = "", inner = ""]) =>
    ticks.length === 1 ? inner : inner.replace(/^ (.*) $/, "$1"),
  );
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return "";
    throw new UsageError(`The lessons cannot be read: ${path} (${messageOf(error)})`);
  }
}
