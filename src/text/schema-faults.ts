import type * as z from "zod/mini";
import { counted } from "./words.ts";

/** One thing in which data do not fit their schema. */
export interface SchemaFault {
  /** `scope.files[2]`; empty for the whole. */
  readonly field: string;
  readonly what: string;
  readonly fix: string;
}

type Issue = z.core.$ZodIssue;

/** Everything that does not fit, in words. zod/mini has none of its own. */
export function schemaFaults(issues: readonly Issue[], known: readonly string[]): readonly SchemaFault[] {
  return issues.flatMap((issue) => {
    const field = fieldName(issue.path);
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => unknownKey([field, key].filter(Boolean).join("."), key, known));
    return [{ field, ...told(field || "the whole of it", issue) }];
  });
}

/** `["scope", "files", 2]` → `scope.files[2]` */
export function fieldName(path: readonly PropertyKey[]): string {
  return path.map((part, at) => (typeof part === "number" ? `[${part}]` : `${at ? "." : ""}${String(part)}`)).join("");
}

function unknownKey(field: string, key: string, known: readonly string[]): SchemaFault {
  const bare = (name: string) => (name.split(".").at(-1) ?? "").toLowerCase().replace(/[-_]/g, "");
  const alike = known.find((name) => bare(name) === bare(key));
  const fix = alike === undefined ? `Known are ${known.join(", ")}.` : `Did you mean ${alike}?`;
  return { field, what: `${field} is not known`, fix };
}

function told(name: string, issue: Issue): { readonly what: string; readonly fix: string } {
  const said = inGeneral(name, issue);
  return OF_SCHEMA.test(issue.message) ? { ...said, what: `${name} ${issue.message}` } : said;
}

function inGeneral(name: string, issue: Issue): { readonly what: string; readonly fix: string } {
  switch (issue.code) {
    case "invalid_type":
      return {
        what: `${name} is not ${NAMES[issue.expected] ?? issue.expected}`,
        fix: FIXES[issue.expected] ?? "Fix it.",
      };
    case "invalid_value":
      return { what: `${name} is none of ${issue.values.join(", ")}`, fix: "Choose one of them." };
    case "too_small":
    case "too_big": {
      const bound = issue.code === "too_small" ? issue.minimum : issue.maximum;
      const limit = issue.code === "too_small" ? "at least" : "at most";
      const what =
        issue.origin === "array" ? `have ${limit} ${counted(Number(bound), "item")}` : `be ${limit} ${bound}`;
      return { what: `${name} must ${what}`, fix: "Change it." };
    }
    default:
      return { what: `${name} cannot be used`, fix: "Change it, or leave it out." };
  }
}

// A message that a schema of ours states goes on after the field's name; zod's own begin with a capital.
const OF_SCHEMA = /^[a-z]/;

const NAMES: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "a group of fields",
};

const FIXES: Readonly<Record<string, string>> = {
  string: "Write a text; in YAML, what looks like a number, a date, yes or no needs quotes.",
  int: "Write a whole number, without quotes.",
  number: "Write a number, without quotes.",
  boolean: "Write true or false, without quotes.",
  array: "Write a list: a line `- …` for each item.",
  tuple: "Write two numbers: [45, 89].",
  object: "Write a field a line below it, indented.",
};
