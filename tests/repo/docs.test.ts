import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { VERIFY_LIMIT_MS } from "../../src/ask/model/checks.ts";
import { writeThreadRecord } from "../../src/ask/model/thread-record.ts";
import { toResult } from "../../src/ask/report/result.ts";
import { RUN_STATUSES, SESSION_STATUSES } from "../../src/broker/store/statuses.ts";
import { listSessions } from "../../src/cli/ask/sessions.ts";
import { FORWARDED, siblingFor } from "../../src/cli/edge/sibling.ts";
import { keyValues } from "../../src/cli/output/key-values.ts";
import { OLDEST_SUPPORTED } from "../../src/codex/version.ts";
import { ERROR_KINDS, EXIT_CODES, exitCodeOf, SIGNAL_EXIT_CODES } from "../../src/errors.ts";
import { runPaths } from "../../src/files/state-paths.ts";
import { expectCall, flagsOfSubcommands } from "../support/documents/ask-calls.ts";
import {
  chapterOf,
  constant,
  documents,
  flagsNamedIn,
  keysOf,
  statusesByCode,
  textOf,
  wordsIn,
} from "../support/documents/documents.ts";
import { inWords, optionsOf } from "../support/documents/flags.ts";
import {
  codeIn,
  fencesIn,
  namesUnder,
  proseOf,
  rowsUnder,
  sectionOf,
  tablesIn,
} from "../support/documents/markdown.ts";
import { broker, commandOf, setup, task } from "../support/documents/programs.ts";
import { callsOf } from "../support/documents/shell-commands.ts";
import { modulesIn } from "../support/documents/source-files.ts";
import { ROOT } from "../support/paths.ts";
import { fullOutcome, fullRecord } from "../support/samples/outcomes.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { NODES, VERSIONS } from "../support/versions.ts";

const readme = textOf("README.md");
const invocation = chapterOf("invocation");
const recovery = chapterOf("failure-recovery");
const manifest = JSON.parse(textOf("package.json")) as { readonly engines: { readonly node: string } };
const options = optionsOf(task.make());
const brokerNames = Object.keys(broker);
const setupNames = Object.keys(setup);
const help = helpText();

describe("flags", () => {
  const documented = rowsUnder(invocation, "Flag");

  test("invocation.md has every option with its short name and its value, and no other", () => {
    expect(documented.map(([flag]) => flag).sort()).toEqual(options.map(({ flags }) => `\`${flags}\``).sort());
  });

  test("invocation.md has the defaults of the program", () => {
    const told = documented.map(([flag, value]) => [flag, value]);
    const real = options.map(({ flags, defaultValue }) => [`\`${flags}\``, inWords(defaultValue)]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(real));
  });

  test("every flag that a document names is one of the program", () => {
    const others = [...Object.values(broker), ...Object.values(setup)].flatMap((command) =>
      optionsOf(command.make()).map(({ long }) => long),
    );
    const known = [...options.map(({ long }) => long), ...flagsOfSubcommands(), ...others];
    const named = documents.flatMap(({ path, text }) => flagsNamedIn(text).map((flag) => ({ path, flag })));
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ flag }) => !known.includes(flag))).toEqual([]);
  });

  test("every call of ask_codex in an example is one that it takes", () => {
    const calls = documents.flatMap(({ text }) => fencesIn(text).flatMap((fence) => callsOf("ask_codex", fence)));
    expect(calls.length).toBeGreaterThan(5);
    for (const words of calls) expectCall(words);
  });

  test("every call of codex_broker in an example is one that it takes", () => {
    const examples = documents.flatMap(({ text }) => [...fencesIn(text), ...codeIn(proseOf(text))]);
    const calls = examples.flatMap((example) => callsOf("codex_broker", example)).filter((words) => words.length > 0);
    expect(calls.length).toBeGreaterThan(40);
    for (const [name = "", ...words] of calls) {
      if (name === "--help") continue;
      expect(brokerNames).toContain(name);
      expect(commandOf(broker, name).parse(words), words.join(" ")).toHaveProperty("options");
    }
  });

  test("every call of ask-codex, by npx too, is one that it takes", () => {
    const examples = documents.flatMap(({ text }) => [...fencesIn(text), ...codeIn(proseOf(text))]);
    const calls = examples.flatMap((example) => [
      ...callsOf("ask-codex", example),
      ...callsOf("npx", example).flatMap(([name, ...words]) => (/^ask-codex(@|$)/.test(name ?? "") ? [words] : [])),
    ]);
    const whole = calls.filter((words) => words.length > 0);
    expect(whole.length).toBeGreaterThan(15);
    for (const [name = "", ...words] of whole) {
      const sibling = siblingFor(FORWARDED, [name, ...words]);
      if (sibling?.program === "ask_codex") expectCall(sibling.argv);
      if (sibling !== null) continue;
      expect(setupNames).toContain(name);
      expect(commandOf(setup, name).parse(words), words.join(" ")).toHaveProperty("options");
    }
  });
});

describe("endings", () => {
  test.each([
    { name: "README.md", text: readme },
    { name: "failure-recovery.md", text: recovery },
  ])("$name has every exit code with its statuses, and signals by name", ({ text }) => {
    const rows = rowsUnder(text, "Code");
    const told = rows.map(([code, status = ""]) => [Number(code), codeIn(status)]);
    expect(Object.fromEntries(told)).toEqual(statusesByCode());
    const signals = rows.flatMap(([code, ...rest]) => {
      const signal = /\bSIG\w+/.exec(rest.join(" "))?.[0];
      return signal === undefined ? [] : [[signal, Number(code)]];
    });
    expect(Object.fromEntries(signals)).toEqual(SIGNAL_EXIT_CODES);
  });

  test("--help has every exit code", () => {
    const told = /Exit codes:(.*?)\nSubcommand/s.exec(help)?.[1]?.split("·") ?? [];
    const codes = told.flatMap((part) => /^[\d/]+/.exec(part.trim())?.[0].split("/") ?? []);
    expect(codes.sort()).toEqual(Object.keys(statusesByCode()).sort());
  });

  test("failure-recovery.md has every error kind, below the exit code that it ends with, and no other", () => {
    const tables = tablesIn(recovery).filter(({ head }) => head[0] === "`error_kind=`");
    const told = tables.flatMap(({ heading, rows }) => rows.map(([kind]) => `${/^Exit \d+/.exec(heading)} ${kind}`));
    const kinds = Object.entries(ERROR_KINDS).map(([kind, { status }]) => `Exit ${exitCodeOf(status)} \`${kind}\``);
    expect(told.sort()).toEqual(kinds.sort());
  });

  test("every status and error kind that a document gives as key=value is one", () => {
    const known: Readonly<Record<string, readonly string[]>> = {
      status: [...Object.keys(EXIT_CODES), ...SESSION_STATUSES],
      last_run_status: RUN_STATUSES,
      error_kind: Object.keys(ERROR_KINDS),
    };
    const told = documents.flatMap(({ text }) => [...text.matchAll(/\b(status|last_run_status|error_kind)=(\w+)/g)]);
    expect(told.length).toBeGreaterThan(0);
    const unknown = told.filter(([, key, value = ""]) => !known[key ?? ""]?.includes(value));
    expect(unknown.map(([pair]) => pair)).toEqual([]);
  });
});

describe("what a run leaves", () => {
  test("invocation.md has every key of stdout, in its order", () => {
    const printed = keyValues(fullOutcome).match(/^\w+(?==)/gm) ?? [];
    // A key without a value is not printed: this outcome must have one for each.
    expect(printed).toEqual(wordsIn("src/cli/output/key-values.ts", /\["(\w+)",/g));
    const table = tablesIn(invocation).find(({ heading }) => heading === "stdout");
    expect(table?.rows.map(([key]) => key)).toEqual(printed.map((key) => `\`${key}\``));
  });

  test("invocation.md has every key of the --json object", () => {
    const table = tablesIn(invocation).find(({ heading }) => heading === "The object of --json");
    const told = table?.rows.flatMap(([keys = ""]) => codeIn(keys)) ?? [];
    expect([...told].sort()).toEqual([...new Set(keysOf(toResult(fullOutcome)))].sort());
  });

  test("invocation.md has every key of a session in the list", async () => {
    await using state = await tempFolder();
    await writeThreadRecord(state.path, fullRecord);
    const { stdout } = await listSessions({ all: true, json: true }, ROOT, state.path);
    const told = codeIn(sectionOf(invocation, "Listing sessions"));
    expect(told).toEqual(expect.arrayContaining(Object.keys(JSON.parse(stdout)[0])));
  });

  test("invocation.md has every heading of the report", () => {
    const pattern = /(#{2,3} [A-Z][A-Za-z -]*[a-z](?: \([a-z ]+\))?)/g;
    const headings = ["report", "sections", "agents-section", "receipt"].flatMap((name) =>
      wordsIn(`src/ask/report/${name}.ts`, pattern),
    );
    const told = codeIn(invocation).filter((code) => code.startsWith("##"));
    expect(unique(told)).toEqual(unique(headings));
  });

  test("invocation.md has every event of the journal", () => {
    const modules = [...modulesIn("src/ask"), ...modulesIn("src/handoff")];
    const appended = modules.flatMap(({ path }) => wordsIn(path, /\.append\(\s*"(\w+)"/g));
    expect(unique(namesUnder(invocation, "Event"))).toEqual(unique(appended));
  });

  test("invocation.md has every file of a run", () => {
    const { folder: _, ...files } = runPaths("state", "run");
    const names = [...Object.values(files).map((path) => basename(path)), "verify.log", "long-text-1.txt"];
    expect(unique(namesUnder(invocation, "File"))).toEqual(unique(names));
  });
});

test("three pages together have every variable that the programs read or set, and no other", () => {
  const source = modulesIn("src").map(({ text }) => text);
  const pages = [invocation, ...["broker-invocation", "installation"].map((name) => chapterOf(name))];
  const told = pages.flatMap((text) => namesUnder(text, "Variable"));
  expect(told.filter((name) => !source.some((text) => text.includes(name)))).toEqual([]);
  const used = source.flatMap((text) => [...text.matchAll(/env\["([A-Z_]+)"\]|"(ASK_CODEX_[A-Z]+)"/g)]);
  const names = used.flatMap(([, read, named]) => read ?? named ?? []);
  expect(names.filter((name) => name !== "PATH" && !told.includes(name))).toEqual([]);
});

const verifySeconds = VERIFY_LIMIT_MS / 1000;
const retryWindow = options.find(({ long }) => long === "--retry-window")?.defaultValue as number;
const oldestNode = manifest.engines.node.replace(">=", "");

test.each([
  {
    what: "the time of a verify command",
    text: help,
    told: /outside of Codex's sandbox, (\d+) s at most/,
    value: verifySeconds,
  },
  { what: "the time of a verify command", text: invocation, told: /`--verify-cmd` has (\d+) s/, value: verifySeconds },
  { what: "the time of a verify command", text: invocation, told: /for (\d+) s at most\. What/, value: verifySeconds },
  { what: "the time of a verify command", text: recovery, told: /has not ended after (\d+) s/, value: verifySeconds },
  { what: "the retry window", text: recovery, told: /ends after (\d+) s without progress/, value: retryWindow },
  { what: "the oldest Codex", text: readme, told: /([\d.]+) or newer; tested with 0\./, value: OLDEST_SUPPORTED },
  { what: "the oldest Codex", text: recovery, told: /older than ([\d.]+\d)/, value: OLDEST_SUPPORTED },
  { what: "the Codex versions", text: readme, told: /tested with (0\..*\d) \|/, value: list(VERSIONS) },
  { what: "the oldest Node", text: readme, told: /You need Node ([\d.]+) or newer/, value: oldestNode },
  { what: "the oldest Node", text: readme, told: /([\d.]+) or newer; tested with 2/, value: oldestNode },
  { what: "the Node versions", text: readme, told: /tested with (2\d\..*\d) \|/, value: list(Object.values(NODES)) },
  {
    what: "the time Codex has to start",
    text: invocation,
    told: /start of Codex \((\d+) s at most\)/,
    value: constant("src/codex/open-thread.ts", "START_LIMIT_MS") / 1000,
  },
  {
    what: "the longest input",
    text: invocation,
    told: /together may be ([\d,]+)\s/,
    value: constant("src/cli/command/prepare-plan.ts", "MAX_INPUT"),
  },
  {
    what: "the longest list",
    text: invocation,
    told: /end after ([\d,]+) entries/,
    value: constant("src/ask/report/result.ts", "MAX_LIST"),
  },
  {
    what: "the longest answer",
    text: invocation,
    told: /the answer after ([\d,]+)\s/,
    value: constant("src/ask/report/result.ts", "MAX_ANSWER"),
  },
  {
    what: "the longest command",
    text: invocation,
    told: /single command after\s+([\d,]+);/,
    value: constant("src/ask/report/result.ts", "MAX_COMMAND"),
  },
  {
    what: "the size of a big file",
    text: invocation,
    told: /files over (\d+) MB/,
    value: constant("src/workspace/git/stamps.ts", "BIG_FILE_BYTES") / 1_000_000,
  },
  {
    what: "the time between signs of life",
    text: invocation,
    told: /After\s+(\d+) s of silence/,
    value: constant("src/cli/output/progress-lines.ts", "HEARTBEAT_MS") / 1000,
  },
  {
    what: "the room for progress",
    text: invocation,
    told: /past (\d+) KB/,
    value: constant("src/cli/output/progress-lines.ts", "LINES_BYTES") / 1000,
  },
])("$what is told as it is: $value", ({ text, told, value }) => {
  expect(told.exec(text)?.[1]?.replaceAll(",", "")).toBe(String(value).replaceAll(",", ""));
});

function helpText(): string {
  const parsed = task.parse(["--help"]);
  if (!("text" in parsed)) throw new Error("--help prints no help");
  // commander wraps what is told of an option.
  return parsed.text.replaceAll(/\n {20,}/g, " ");
}

/** `a, b and c` */
function list(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), words.at(-1)].join(" and ");
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)].sort();
}
