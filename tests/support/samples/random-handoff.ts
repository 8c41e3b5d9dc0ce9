import fc, { type Arbitrary } from "fast-check";
import { tidyEntry, tidyNotes, tidyTitle } from "../../../src/handoff/document/body.ts";
import type { Handoff } from "../../../src/handoff/document/handoff.ts";

/** Handoffs that no person would write, with every field or none. */
export function handoffs(): Arbitrary<Handoff> {
  const words = phrase().map((text) => text.trim() || "x");
  const upTo = <Item>(maxLength: number, item: Arbitrary<Item>) => fc.array(item, { maxLength });
  const entry = fc
    .tuple(words, upTo(1, phrase()))
    .map(([first, more]) => ({ text: tidyEntry([first, ...more].join("\n")) || "x", line: null }));
  const guardrails = fc.record(
    {
      maxFiles: fc.constantFrom(0, 7),
      maxLines: fc.constantFrom(null, 7),
      requireTests: fc.boolean(),
      allowDependencies: fc.constantFrom<boolean | string[]>(true, false, [], ["zod", "@types/node"]),
      forbidDeletedTests: fc.boolean(),
      formerTests: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  return fc.record({
    taskId: fc.constantFrom("auth-001", "a", "1", "x.y_z"),
    type: words,
    title: fc.oneof(fc.constantFrom("", "Reject expired tokens"), words).map(tidyTitle),
    read: upTo(2, path()),
    scope: fc.record({ files: upTo(3, path()), forbid: upTo(2, path()) }),
    interfaces: upTo(2, words),
    constraints: upTo(2, words),
    validation: upTo(2, words),
    expectFiles: upTo(2, path()),
    guardrails,
    commit: fc.option(words),
    changesDoc: fc.option(path()),
    lessons: upTo(2, words),
    after: upTo(2, words),
    tasks: upTo(12, entry),
    criteria: upTo(3, entry),
    notes: upTo(4, fc.constantFrom(...NOTE_LINES)).map((lines) => tidyNotes(lines.join("\n"))),
  });
}

/** Words, and all that YAML, JSON and markdown read in another way than it is meant. */
const ODD = [
  ...[
    "add",
    "src/a.ts",
    "naïve",
    "日本語",
    "😀",
    "it's",
    '"quoted"',
    "a: b",
    "# no heading",
    "- no item",
    "1. no number",
    "2) x",
  ],
  ...[
    "[x] done",
    "[ ]",
    "`code`",
    "```",
    "~~~",
    "---",
    "true",
    "null",
    "~",
    "007",
    "1e3",
    "2026-11-21",
    "&a",
    "*b",
    "!c",
    "|",
    ">",
  ],
  ...[
    "%d",
    "@e",
    "{f: 1}",
    "[g]",
    "\\n",
    "C:\\dir",
    "tab\there",
    "\u00a0",
    "\u2028",
    "\u0085",
    "\u007f",
    "<b>",
    "## Tasks",
    "no",
    ".",
  ],
];

function phrase(): Arbitrary<string> {
  const words = fc.array(fc.constantFrom(...ODD), { maxLength: 4 });
  const between = fc.constantFrom(" ", "  ", "\n", "\n\n", " \n   ");
  return fc.tuple(words, between).map(([all, gap]) => all.join(gap));
}

function path(): Arbitrary<string> {
  const folder = fc.constantFrom("", "src/", "src/my dir/", "./");
  const lines = fc.constantFrom("", "", ":12", ":3-9", ":03-9", ":1-2:3-4");
  return fc.tuple(folder, fc.constantFrom(...FILE_NAMES), lines).map((parts) => parts.join(""));
}

const FILE_NAMES = [
  "a.ts",
  "b c.ts",
  "ü.ts",
  'q"uote.ts',
  "it's.ts",
  "[id].tsx",
  "**",
  "*.{ts,tsx}",
  "# x",
  "- y",
  "no",
  "1",
  "💥",
];

const NOTE_LINES = [
  "",
  "Some words.",
  "## Why",
  "- a point",
  "1. a number",
  "    indented",
  "```ts",
  "```",
  "# in a fence?",
  "> quoted",
  " ## Tasks",
  "---",
  "~~~",
];
