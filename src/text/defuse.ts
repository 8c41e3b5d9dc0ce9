import { stripVTControlCharacters } from "node:util";

/**
 * Codex's text as data: no terminal escapes, no control characters but newline and tab, no invisible characters that reorder
 * text, and no tag that the reader could take for a system's own words.
 */
export function defuse(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n?/g, "\n").replace(UNSEEN, "").replace(SYSTEM_TAG, "&lt;$1");
}

/** Controls, marks of direction, spaces without width, and the tag letters that spell what only a model sees. */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** Text as one line of at most `limit` characters, for stdout values and progress lines. */
export function oneLine(text: string, limit: number): string {
  const line = defuse(text).replace(/\s+/g, " ").trim();
  return line.length <= limit ? line : `${[...line].slice(0, limit - 1).join("")}…`;
}

/** A path or another exact value on one line: what would break the line is escaped, nothing is lost. */
export function escapeValue(value: string): string {
  return value.replace(/[\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    if (character === "\\") return character;
    if (character === "\n") return "\\n";
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/**
 * Tags that agents' hosts use for their own messages: reminders, tool calls and results, commands, notifications. C++ has a
 * header `<system_error>`.
 */
const SYSTEM_TAG =
  /<(?=\s*\/?\s*(?:[a-z_]+:)?(?:system(?:[-_](?!error)[-_\w]*)?|human|assistant|user[-_]prompt[-_\w]*|tool[-_](?:use|result|call)[-_\w]*|function[-_](?:calls?|results?)|invoke|parameter|command-[-\w]+|local-command-[-\w]+|bash-(?:input|stdout|stderr)|task-notification|persisted-output|important|instructions?)\b)(\s*\/?)/gi;
