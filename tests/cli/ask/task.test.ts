import { expect, test } from "vitest";
import { oneTask } from "../../../src/cli/command/task-text.ts";
import { UsageError } from "../../../src/errors.ts";
import { task } from "../../support/documents/programs.ts";

function flagsOf(...argv: readonly string[]) {
  const parsed = task.parse(argv);
  if ("text" in parsed) throw new Error("that was help");
  const [argument] = parsed.args;
  return { ...parsed.options, task: oneTask(parsed.options.task, argument) };
}

type Flags = ReturnType<typeof flagsOf>;

function refusal(...argv: readonly string[]): string {
  try {
    flagsOf(...argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}

const names = task
  .make()
  .options.flatMap((option) =>
    [option.short, option.long].flatMap((name) => (name ? [{ name, required: option.required }] : [])),
  );
const valueFlags = names.filter(({ required }) => required).map(({ name }) => name);
const TASK = ["-t", "--task"];

test("there are flags with a value and without, so the tables below say something", () => {
  expect(valueFlags).toEqual(expect.arrayContaining(["-t", "-f", "--focus", "-w", "-o", "--model", "--verify-rounds"]));
  expect(names.length).toBeGreaterThan(valueFlags.length);
});

test("what is not said has the defaults of the original", () => {
  expect(flagsOf("fix it")).toEqual({
    task: "fix it",
    stdin: false,
    file: [],
    fork: false,
    keys: false,
    dryRun: false,
    readOnly: false,
    fullAuto: false,
    network: false,
    addDir: [],
    image: [],
    config: [],
    timeout: 600,
    idleTimeout: 180,
    retryWindow: 15,
    sandboxChecks: false,
    reviewRounds: 0,
    expectFile: [],
    verifyRounds: 0,
    json: false,
    answer: true,
    quiet: false,
    cleanEnv: false,
    keepEnv: [],
  });
});

test.each<{ argv: string[]; flags: Partial<Flags> }>([
  { argv: ["-t", "do it"], flags: { task: "do it" } },
  { argv: ["--task=a=b"], flags: { task: "a=b" } },
  { argv: ["-t", "-dash"], flags: { task: "-dash" } },
  { argv: ["-t", ""], flags: { task: "" } },
  { argv: ["--", "--json"], flags: { task: "--json", json: false } },
  { argv: ["-f", "a", "--file", "b,c", "--focus=d", "t"], flags: { file: ["a", "b,c", "d"] } },
  { argv: ["--expect-file", "a", "--expect-file", "b", "t"], flags: { expectFile: ["a", "b"] } },
  { argv: ["--add-dir", "a", "--image", "b", "--config", "c=d=e", "--keep-env", "F", "t"], flags: { addDir: ["a"] } },
  { argv: ["-o", "r.md", "--events", "e", "t"], flags: { output: "r.md", events: "e" } },
  { argv: ["--timeout", "0", "--idle-timeout=007", "t"], flags: { timeout: 0, idleTimeout: 7 } },
  { argv: ["t", "--read-only", "--full-auto"], flags: { task: "t", readOnly: true, fullAuto: true } },
  { argv: ["--session", "@fix", "--fork", "--name", "n", "t"], flags: { session: "@fix", fork: true, name: "n" } },
  { argv: ["--model", "-", "t"], flags: { model: "-" } },
  { argv: ["--verify-cmd", "--odd but a command", "t"], flags: { verifyCmd: "--odd but a command" } },
])("$argv is understood", ({ argv, flags }) => {
  expect(flagsOf(...argv)).toMatchObject(flags);
});

test.each(valueFlags)("%s without a value is refused by name, wherever it stands", (flag) => {
  expect(refusal("task", flag)).toContain(`${flag} needs a value`);
  expect(refusal(flag, "--json", "task")).toContain(`${flag} needs a value`);
  expect(refusal(flag, "-o=x", "task")).toContain(`${flag} needs a value`);
  if (!TASK.includes(flag)) expect(refusal(flag, "", "task")).toContain(`${flag} needs a value`);
});

test.each(valueFlags.filter((flag) => flag.startsWith("--") && !TASK.includes(flag)))(
  "%s= with nothing behind it is refused by name",
  (flag) => {
    expect(refusal(`${flag}=`, "task")).toContain(`${flag} needs a value`);
  },
);

test.each(["--timeout", "--idle-timeout", "--retry-window", "--verify-rounds"])(
  "%s takes nothing but digits",
  (flag) => {
    const count = flag === "--verify-rounds";
    for (const value of ["-1", "1.5", "ten", "1e3", "0x10", " 5", "5x", "١"]) {
      const says = count ? `${flag} must be a non-negative integer` : `${flag} ${value} is not a time`;
      expect(refusal(`${flag}=${value}`, "task")).toContain(says);
    }
    const most = count ? "must be 999999999 at most" : "is too long";
    expect(refusal(`${flag}=9999999999`, "task")).toContain(most);
  },
);

test("a time may have a unit", () => {
  const flags = ["--timeout", "10m", "--idle-timeout=90s", "--retry-window", "0"];
  expect(flagsOf(...flags, "task")).toMatchObject({ timeout: 600, idleTimeout: 90, retryWindow: 0 });
});

test.each([
  { argv: ["--frobnicate"], says: "Unknown option: --frobnicate" },
  { argv: ["-x", "task"], says: "Unknown option: -x" },
  { argv: ["--modle", "m", "task"], says: "Did you mean --model" },
  { argv: ["one", "two"], says: "Unexpected argument: two" },
  { argv: ["-t", "one", "two"], says: "Unexpected argument: two" },
  { argv: ["two", "--task", "one"], says: "Unexpected argument: two" },
  { argv: ["--", "one", "--two"], says: "Unexpected argument: --two" },
])("$argv is refused: $says", ({ argv, says }) => {
  expect(refusal(...argv)).toContain(says);
});

test.each([["--help"], ["-h", "--frobnicate"], ["task", "-w", "--help"], ["--timeout", "x", "--help"]])(
  "%s is answered with help, whatever else is wrong",
  (...argv) => {
    expect(task.parse(argv)).toMatchObject({ text: expect.stringMatching(/^Usage: ask_codex/) });
  },
);

test.each([
  ["--", "--help"],
  ["-t", "tell me about --help"],
  ["--verify-cmd", "make --help", "task"],
])("%s asks for no help", (...argv) => {
  expect(task.parse(argv)).toHaveProperty("options");
});

test("every flag is in the help text", () => {
  const help = task.make().helpInformation();
  for (const { name } of names) expect(help).toContain(name);
});

// commander takes the rest of the word for the flag's value, and no task is left.
test.each([
  { argv: ["-fix the parser"], said: '-fix the parser would be read as -f with the value "ix the parser".' },
  { argv: ["--read-only", "-of the two, which is faster?"], said: /would be read as -o with the value "f the two/ },
  { argv: ["- [ ] tidy the parser"], said: "Unknown option: - [ ] tidy the parser" },
])("a task that begins with a dash is not taken for a flag: $argv", ({ argv, said }) => {
  expect(() => flagsOf(...argv)).toThrow(said);
  expect(() => flagsOf(...argv)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("put -- before it") }),
  );
  expect(flagsOf("--", argv.at(-1) ?? "").task).toBe(argv.at(-1));
  expect(flagsOf("-t", argv.at(-1) ?? "").task).toBe(argv.at(-1));
});

test("a value right behind its flag is read as before, and one with blanks as a word of its own", () => {
  expect(flagsOf("-fsrc/a.ts", "fix it").file).toEqual(["src/a.ts"]);
  expect(flagsOf("-f", "my file.ts", "fix it").file).toEqual(["my file.ts"]);
});
