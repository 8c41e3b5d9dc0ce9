import { expect, test } from "vitest";
import { newDependencies } from "../../../src/handoff/source/dependencies.ts";
import { namesSiblings, siblingsIn } from "../../../src/handoff/source/siblings.ts";

const json = (value: object) => JSON.stringify(value);

/** A repository with a member, a package that is none, and one that is excepted. */
const npm = new Map([
  ["package.json", json({ name: "root", workspaces: ["packages/*", "!packages/old"] })],
  ["packages/api/package.json", json({ name: "@x/api" })],
  ["packages/old/package.json", json({ name: "@x/old" })],
  ["tools/lint/package.json", json({ name: "lint" })],
  ["broken/package.json", "{"],
]);
const pnpm = new Map([
  ["package.json", json({ name: "root" })],
  ["pnpm-workspace.yaml", "packages:\n  - packages/*\n"],
  ["packages/api/package.json", json({ name: "@x/api" })],
]);

test.each([
  ["a member by version", npm, { "@x/api": "^1.0.0" }, []],
  ["a member of a pnpm workspace", pnpm, { "@x/api": "1.0.0" }, []],
  ["a member by its folder", npm, { "@x/api": "file:../api" }, []],
  ["a member by link", npm, { "@x/api": "link:../api/" }, []],
  ["a package of the repository by its folder", npm, { lint: "file:../../tools/lint" }, []],
  ["one that is no member, by version", npm, { lint: "1.0.0" }, ["lint"]],
  ["one that the workspaces leave out", npm, { "@x/old": "1" }, ["@x/old"]],
  ["a member's name for another folder", npm, { "@x/api": "file:../evil" }, ["@x/api (file:../evil)"]],
  ["a member's name for an alias", npm, { "@x/api": "npm:evil@1" }, ["@x/api (npm:evil@1)"]],
  ["a folder outside", npm, { api: "file:../../../api" }, ["api (file:../../../api)"]],
  ["anything else", npm, { zod: "4" }, ["zod"]],
])("%s", (_, texts, dependencies, expected) => {
  const manifest = { before: json({ name: "@x/web" }), after: json({ name: "@x/web", dependencies }) };
  expect(newDependencies("packages/web/package.json", manifest, siblingsIn(texts))).toEqual(expected);
});

test("packages that are installed name no siblings", () => {
  expect(namesSiblings("node_modules/a/package.json")).toBe(false);
  expect(namesSiblings("packages/a/package.json")).toBe(true);
});
