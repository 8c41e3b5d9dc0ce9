import { tidyEntry, tidyNotes, tidyTitle } from "../../../src/handoff/document/body.ts";
import type { Handoff } from "../../../src/handoff/document/handoff.ts";
import { type Dice, dice } from "../dice.ts";

/** A handoff that nobody would write, with every field or none, from a seed. */
export function randomHandoff(seed: number): Handoff {
  const drawn = dice(seed);
  const upTo = <Item>(most: number, make: () => Item) => Array.from({ length: drawn.number(most + 1) }, make);
  const maybe = <Item>(make: () => Item) => (drawn.number(2) < 1 ? make() : null);
  const words = () => phrase(drawn).trim() || "x";
  const entry = () => ({ text: tidyEntry([words(), ...upTo(2, () => phrase(drawn))].join("\n")) || "x", line: null });
  const guardrails = {
    maxFiles: drawn.one([UNSET, 0, 7]),
    maxLines: drawn.one([UNSET, null, 7]),
    requireTests: drawn.one([UNSET, true, false]),
    allowDependencies: drawn.one([UNSET, true, false, [], ["zod", "@types/node"]]),
    forbidDeletedTests: drawn.one([UNSET, true, false]),
  };
  return {
    taskId: drawn.one(["auth-001", "a", "1", "x.y_z"]),
    type: words(),
    title: tidyTitle(drawn.one(["", "Reject expired tokens", words(), words()])),
    read: upTo(2, () => path(drawn)),
    scope: { files: upTo(3, () => path(drawn)), forbid: upTo(2, () => path(drawn)) },
    interfaces: upTo(2, words),
    constraints: upTo(2, words),
    validation: upTo(2, words),
    expectFiles: upTo(2, () => path(drawn)),
    guardrails: Object.fromEntries(Object.entries(guardrails).filter(([, value]) => value !== UNSET)),
    commit: maybe(words),
    changesDoc: maybe(() => path(drawn)),
    lessons: upTo(2, words),
    tasks: upTo(12, entry),
    criteria: upTo(3, entry),
    notes: tidyNotes(upTo(4, () => noteLine(drawn)).join("\n")),
  };
}

/** `one` draws from what is there. */
const UNSET = "unset";

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

function phrase(drawn: Dice): string {
  return Array.from({ length: Math.ceil(drawn.number(4)) }, () => drawn.one(ODD)).join(
    drawn.one([" ", "  ", "\n", "\n\n", " \n   "]),
  );
}

function path(drawn: Dice): string {
  const name = drawn.one([
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
  ]);
  const lines = drawn.one(["", "", ":12", ":3-9", ":03-9", ":1-2:3-4"]);
  return `${drawn.one(["", "src/", "src/my dir/", "./"])}${name}${lines}`;
}

function noteLine(drawn: Dice): string {
  return drawn.one([
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
  ]);
}
