import { expect, test } from "vitest";
import { readYaml } from "../../src/files/front-matter.ts";

test.each([
  { what: "nothing", text: "", data: {} },
  { what: "comments", text: "# a\n\n# b\n", data: {} },
  { what: "a mark where it begins", text: "--- # here\na: 1\n", data: { a: 1 } },
  { what: "comments before that", text: "\uFEFF# x\r\n\r\n---\r\na: 1\r\n", data: { a: 1 } },
  { what: "a text that looks like a mark", text: "a: |\n  ---\n  b\n", data: { a: "---\nb\n" } },
])("YAML with $what is read", async ({ text, data }) => {
  expect(await readYaml(text)).toEqual(data);
});

test.each(["a: 1\n---\nb: 2\n", "a: 1\r---\rb: 2\r", "---\n---\na: 1\n", "a: [\n"])(
  "%j is refused in one line",
  async (text) => {
    await expect(readYaml(text)).rejects.toThrow(/^[^\n]+$/);
  },
);

test("a pattern without quotes is named, with the place where it stands", async () => {
  await expect(readYaml("files:\n  - **/*.ts\n")).rejects.toThrow(/^\*\*\/\*\.ts needs quotes.* at line 2, column 5$/);
});

test("what YAML 1.1 took for a truth value, or a number that begins with 0, is as YAML 1.2 has it", async () => {
  expect(await readYaml("a: yes\nb: 010\n<<: { c: TRUE }\n")).toEqual({ a: "yes", b: 10, c: true });
});

test.each([
  "[".repeat(5_000) + "]".repeat(5_000),
  `${"{a: ".repeat(5_000)}1${"}".repeat(5_000)}`,
  `${"- ".repeat(5_000)}x`,
  "[".repeat(300) + "]".repeat(300),
])("YAML that is nested too deeply is refused in words", async (yaml) => {
  await expect(readYaml(`a:\n  ${yaml}\n`)).rejects.toThrow("it is nested more than 200 levels deep");
});
