import { dirname, relative } from "node:path";
import { isErrno, messageOf, UsageError } from "../../errors.ts";
import { readPlain } from "../../files/read-plain.ts";
import { realPlace } from "../../files/real-place.ts";
import { appendAt } from "../../files/write-place.ts";
import { code } from "../../text/markdown.ts";
import { patternsMeet } from "../patterns/meet.ts";
import type { Lesson } from "./lesson.ts";

export interface LessonsFile {
  /** The root of the project: no link in it may lead out of it. */
  readonly root: string;
  readonly path: string;
  /** Where the task stands. */
  readonly document: string;
}

/** Adds a lesson to the project's file; what is there already stays as it is. */
export async function appendLesson({ root, path, document }: LessonsFile, lesson: Lesson): Promise<void> {
  const { date, kind, taskId, scope, text } = lesson;
  const before = await textOf(path);
  const link = relative(dirname(path), document).split("/").map(encodeURIComponent).join("/");
  const gapBefore =
    before === "" ? "# Lessons\n\n" : before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const on = scope.length === 0 ? EVERYTHING : scope.map(code).join(", ");
  const entry = `## ${date} · ${kind} · [${taskId}](${link})\n\nScope: ${on}\n\n${text.replace(/\s+/g, " ").trim().replace(/^\\*#/, "\\$&")}\n`;
  try {
    appendAt(realPlace(path, root), `${gapBefore}${entry}`, { mode: 0o666, folderMode: 0o777 });
  } catch (error) {
    throw new UsageError(
      `The lessons cannot be written: ${path} (${messageOf(error)})`,
      "Make the file writable for you.",
    );
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

/** The entries of a lessons file, in their order. What is not an entry belongs to its author. */
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
    return readPlain(path, { follow: true });
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return "";
    throw new UsageError(
      `The lessons cannot be read: ${path} (${messageOf(error)})`,
      "Repair the file, or move it away.",
    );
  }
}
