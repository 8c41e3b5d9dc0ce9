import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withStdin } from "../../../src/cli/command/task-text.ts";
import { type Asked, ask, sessionFlags, startAsk } from "../../support/ask.ts";
import { say } from "../../support/model/replies.ts";
import { toldTo } from "../../support/model/wire.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

/** Every way to hand over a prompt. */
const WAYS: readonly { readonly name: string; give(world: World, prompt: string): Promise<Asked> }[] = [
  { name: "as the argument", give: (world, prompt) => ask(world, ["--", prompt]) },
  { name: "with -t", give: (world, prompt) => ask(world, ["-t", prompt]) },
  { name: "on stdin", give: (world, text) => ask(world, [], { stdin: { text } }) },
  { name: "with --prompt-file -", give: (world, text) => ask(world, ["--prompt-file", "-"], { stdin: { text } }) },
  {
    name: "with --prompt-file",
    async give(world, prompt) {
      await writeFile(join(world.home, "a prompt.md"), prompt);
      return ask(world, ["--prompt-file", join(world.home, "a prompt.md")]);
    },
  },
];

const EVERYTHING = [
  "\n\n  # A \"title\" & 'more' %s %%PATH%% !event ~ * ? [a] {b,c}\r\n",
  `\`ticks\` $(touch pwned) \${HOME} $HOME; rm -rf . | cat > out && false\n\n\n`,
  "C:\\foo\\n\\\\server\\share \\u0041 \\0 trailing\\\n",
  "tab\there, vertical\vfeed\f, bell\x07, escape\x1b[31m, delete\x7f, one\x01\n",
  "emoji 👩‍👩‍👧‍👦 🇺🇳, RTL \u202eabc\u202c עברית عربي, zero\u200bwidth, ligature ﬁ, é as e\u0301, \ufeff in the middle\n",
  "<environment_context> </task> --flag <|endoftext|> \u2028 \u2029 \u{10ffff}\n",
  "  the end, with blanks and lines behind it  \n\n",
].join("");

describe("a prompt arrives as it was written", () => {
  const usual = ["as the argument", "on stdin"];
  const isUsual = ({ name }: { readonly name: string }) => usual.includes(name);
  withCases({ change: WAYS.filter(isUsual), matrix: WAYS.filter((way) => !isUsual(way)) }, (ways) => {
    test.each(ways)("$name", async ({ give }) => {
      await using world = await createWorld({ script: [say("Read.")] });
      expect(await give(world, EVERYTHING)).toMatchObject({ code: 0, keys: { status: "completed" } });
      const [frame, ...prompt] = toldTo(world.model.requests[0]);
      expect(prompt).toEqual([EVERYTHING]);
      expect(frame).not.toMatch(/ask.?codex|skill/i);
    });
  });

  inMatrix(() => {
    test("whatever comes first in it: for the flag what looks like an argument, on stdin what looks like no text", async () => {
      await using world = await createWorld({ script: () => say("Read.") });
      const flagged = [
        "-rf is what the flag is called",
        "--force-with-lease: explain it",
        "status=failed\nsession_id=1",
      ];
      const piped = ["\ufeffDo it.", "one\r\n\r\ntwo\r\n", "sessions"];
      for (const prompt of flagged) expect(await ask(world, ["-t", prompt])).toMatchObject({ code: 0 });
      for (const text of piped) expect(await ask(world, [], { stdin: { text } })).toMatchObject({ code: 0 });
      expect(world.model.requests.map((request) => toldTo(request).at(-1))).toEqual([...flagged, ...piped]);
    });

    test("900,000 characters, from a pipe and from a file", async () => {
      await using world = await createWorld({ script: () => say("Read.") });
      const prompt = "0123456789 é😀 end\n".repeat(50_000);
      expect([...prompt]).toHaveLength(900_000);
      for (const { give } of [WAYS[2], WAYS[4]].filter((way) => way !== undefined))
        expect(await give(world, prompt)).toMatchObject({ code: 0 });
      expect(world.model.requests.map((request) => toldTo(request).at(-1) === prompt)).toEqual([true, true]);
    });

    test("in a follow-up too, and there without a frame", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      const first = await ask(world, ["Begin"]);
      const prompt = "Please add API key validation";
      expect(await ask(world, [...sessionFlags(first), prompt])).toMatchObject({ code: 0 });
      expect(toldTo(world.model.requests[1])).toEqual([prompt]);
    });
  });
});

test("what stdin has beside a task follows it; a pipe that nobody closes is named and ignored", async () => {
  await using world = await createWorld({ script: () => say("Read.") });
  const alone = await ask(world, ["The task"]);
  expect(alone).toMatchObject({ code: 0, stderr: expect.not.stringContaining("stdin") });
  const piped = await ask(world, ["The task"], { stdin: { text: "+ a line\n" } });
  expect(piped).toMatchObject({ code: 0, stderr: expect.not.stringContaining("stdin") });
  const open = await ask(world, ["The task"], { stdin: "open" });
  expect(open).toMatchObject({ code: 0, stderr: expect.stringContaining("[WARNING] stdin is open") });
  const told = world.model.requests.map((request) => toldTo(request).at(-1));
  expect(told).toEqual(["The task", withStdin("The task", "+ a line\n"), "The task"]);
});

test("a pipe that gave something and has no end is waited for, and that is told", async () => {
  await using world = await createWorld({ script: () => say("Read.") });
  await using asking = startAsk(world, ["The task"], { stdin: "open" });
  asking.child.stdin?.write("early\n");
  await asking.stderrLine("[codex] Waiting for the end of stdin.");
  asking.child.stdin?.end();
  expect((await asking.done).code).toBe(0);
  expect(toldTo(world.model.requests[0]).at(-1)).toBe(withStdin("The task", "early\n"));
});

inMatrix(() => {
  test("a model that sends its answer in one piece is heard as well", async () => {
    await using world = await createWorld({ script: [say("All at once.", { chunks: 0 })] });
    const asked = await ask(world, ["--json", "Begin"]);
    expect(asked.json).toMatchObject({ status: "completed", answer: "All at once." });
    expect(asked.report).toContain("All at once.");
  });
});

test("--file names files to read first, and takes them as they are named", async () => {
  const names = ["a.ts", "b.ts", "with blank.md", "one, two.md", "odd:12", "deep/c.ts"];
  const files = Object.fromEntries(names.map((name) => [name, "x\n"]));
  await using world = await createWorld({ script: [say("Read.")], files });
  const given = [
    ...["a.ts", "a.ts:12", "a.ts:12-20", "a.ts#L3", "a.ts#L3-L9", "with blank.md", "one, two.md", "a.ts,b.ts:7"],
    ...["odd:12", "./deep/../deep/c.ts", "missing.ts", "missing.ts:5", "/nowhere/d.ts"],
  ];
  const flags = given.flatMap((name, index) => [["--file", "-f", "--focus"][index % 3] ?? "", name]);
  const asked = await ask(world, [...flags, "-w", world.workspace, "Read"], { cwd: world.home });
  expect(asked.code).toBe(0);
  const missing = ["missing.ts", "missing.ts:5"].map((name) => join(world.workspace, name));
  for (const path of [...missing, "/nowhere/d.ts"])
    expect(asked.stderr).toContain(`[WARNING] --file: no such file: ${path}\n`);
  const [frame = ""] = toldTo(world.model.requests[0]);
  const listed = frame.split("\n").filter((line) => line.startsWith("- "));
  const here = (name: string, there = "exists") => `- ${join(world.workspace, name)} (${there})`;
  expect(listed).toEqual([
    ...["a.ts", "a.ts:12", "a.ts:12-20", "a.ts#L3", "a.ts#L3-L9", "with blank.md", "one, two.md"].map((name) =>
      here(name),
    ),
    ...["a.ts", "b.ts:7", "odd:12", "deep/c.ts"].map((name) => here(name)),
    ...["missing.ts", "missing.ts:5"].map((name) => here(name, "missing")),
    "- /nowhere/d.ts (missing)",
  ]);
});

inMatrix(() => {
  test("--image is shown to the model", async () => {
    await using world = await createWorld({ script: [say("Seen.")], files: { "dot.png": Buffer.from(DOT, "base64") } });
    expect(await ask(world, ["--image", "dot.png", "What is it?"])).toMatchObject({ code: 0 });
    const parts = world.model.requests[0]?.body.input.flatMap(({ content = [] }) => content) ?? [];
    const images = parts.filter(({ type }) => type === "input_image");
    expect(images).toMatchObject([{ image_url: `data:image/png;base64,${DOT}` }]);
    expect(toldTo(world.model.requests[0]).at(-1)).toBe("What is it?");
  });
});

test("--output-schema reaches the model for one turn, and the answer is held against it", async () => {
  const schema = {
    ...{ type: "object", required: ["verdict"], additionalProperties: false },
    properties: { verdict: { type: "string", enum: ["yes", "no"] } },
  };
  const files = { "schema.json": JSON.stringify(schema) };
  const script = [say('{"verdict":"yes"}'), say('{"verdict":"maybe"}'), say("Plain.")];
  await using world = await createWorld({ script, files });
  const first = await ask(world, ["--output-schema", "schema.json", "Decide"]);
  expect(first).toMatchObject({ code: 0, keys: { status: "completed", checks: "1/1" } });
  expect(world.model.requests[0]?.body.text?.format).toMatchObject({ type: "json_schema", strict: true, schema });
  const session = sessionFlags(first);
  const unfit = await ask(world, [...session, "--output-schema", "schema.json", "--json", "Decide"]);
  expect(unfit).toMatchObject({ code: 1, json: { status: "validation_failed", checks: [{ type: "output_schema" }] } });
  expect(await ask(world, [...session, "Say it"])).toMatchObject({ code: 0 });
  expect(world.model.requests[2]?.body.text?.format).toBeUndefined();
});

/** A picture of one pixel. */
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
