import { expect, test } from "vitest";
import { parseInterface } from "../../../src/handoff/document/interface-entry.ts";
import { brokenInterface } from "../../../src/handoff/judge/interfaces.ts";

test.each([
  ["src/user.ts#User", { type: "symbol", path: "src/user.ts", symbol: "User" }],
  ["./src/user.ts#User.load", { type: "symbol", path: "src/user.ts", symbol: "User.load" }],
  ["src/user.rs#User::load", { type: "symbol", path: "src/user.rs", symbol: "User::load" }],
  ["lib/user.rb#User#valid?", { type: "symbol", path: "lib/user.rb", symbol: "User#valid?" }],
  ["a b/c#1/x.ts#$f", { type: "symbol", path: "a b/c#1/x.ts", symbol: "$f" }],
  ["src/user.ts: export type A = `a#b`", { type: "text", path: "src/user.ts", text: "export type A = `a#b`" }],
  ["src/user.ts:\n  function a():\n  void", { type: "text", path: "src/user.ts", text: "function a():\n  void" }],
  ["src/user.ts", null],
  ["src/user.ts#", null],
  ["the User type", null],
  ["", null],
])("%j is read as %j", (entry, expected) => {
  expect(parseInterface(entry)).toEqual(expected);
});

const FILE =
  "// export function commented(): void\nexport async function load(id: string): Promise<User> {\n  return x;\n}\n";

test.each([
  [
    "its text is there in another layout",
    "a.ts: export async function load( id : string ) : Promise<User>",
    FILE,
    FILE,
    null,
  ],
  [
    "its body may be written with it",
    "a.ts: export async function load(id: string): Promise<User> {",
    FILE,
    FILE,
    null,
  ],
  ["its quotes are others", "a.ts: export type A = 'a' | 'b'", "", 'export type A =\n  | "a"\n  | "b";', null],
  ["it is in a comment only", "a.ts: export function commented(): void", FILE, FILE, "missing"],
  [
    "it was changed",
    "a.ts: export async function load(id: string): Promise<User>",
    FILE,
    FILE.replace("id: string", "id: number"),
    "broken",
  ],
  ["it was not written", "a.ts: export function fresh(): void", "", "", "missing"],
  ["it was written", "a.ts: export function fresh(): void", null, "export function fresh(): void {}", null],
  ["the file was not written", "a.ts: export function fresh(): void", null, null, "missing"],
  ["the file is gone", "a.ts#load", FILE, null, "broken"],
  ["only its body was changed", "a.ts#load", FILE, FILE.replace("return x", "return y"), null],
  ["it was never there", "a.ts#fresh", FILE, "", null],
  ["it is new", "a.ts#load", "", FILE, null],
  ["one word has become two", "a.ts: async function", FILE, FILE.replace("async function", "asyncfunction"), "broken"],
  ["in a file of no language it is text", "a.txt: # kept as  it is", "# kept as it is\n", "# kept as it is\n", null],
])("an interface: %s", (_, text, before, after, type) => {
  const entry = parseInterface(text);
  if (entry === null) throw new Error("no entry");
  const broken = brokenInterface(entry, { before, after });
  expect(broken?.type ?? null).toBe(type);
});

test("what was and what is are told in one line each", () => {
  const entry = { type: "symbol", path: "a.ts", symbol: "load" } as const;
  const broken = brokenInterface(entry, { before: FILE, after: `\n${FILE.replace("id: string", "id:\n  number")}` });
  expect(broken).toEqual({
    type: "broken",
    line: 3,
    message:
      "The interface load of a.ts was `export async function load(id: string): Promise<User>` and is " +
      "`export async function load(id: number): Promise<User>` now; it had to stay as it was.",
  });
});
