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
  ["one that is not a member, by version", npm, { lint: "1.0.0" }, ["lint"]],
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

const cargo = new Map([
  ["Cargo.toml", '[workspace]\nmembers = ["crates/*"]\n[workspace.dependencies]\nserde = "1"\n'],
  ["crates/api/Cargo.toml", '[package]\nname = "api"\n'],
]);

test.each([
  ["a crate of the repository by its folder", 'api = { path = "../api" }', []],
  ["one with a version beside it", 'api = { path = "../api", version = "0.1" }', []],
  ["what the workspace depends on already", "serde.workspace = true", []],
  ["a crate's name for the registry's", 'api = "1"', ["api"]],
  ["a crate's name for another folder", 'api = { path = "../evil" }', ["api (../evil)"]],
  ["another crate by the name of one", 'api = { package = "evil", version = "1" }', ["evil"]],
  ["a known crate from git", 'rand = { git = "https://evil.example/rand" }', ["rand (https://evil.example/rand)"]],
])("Cargo: %s", (_, line, expected) => {
  const before = '[package]\nname = "web"\n[dependencies]\n';
  const manifest = {
    before: `${before}rand = "1"\n`,
    after: `${before}${line.startsWith("rand") ? "" : 'rand = "1"\n'}${line}\n`,
  };
  expect(newDependencies("crates/web/Cargo.toml", manifest, siblingsIn(cargo))).toEqual(expected);
});

const python = new Map([
  ["pyproject.toml", '[project]\nname = "root"\n[tool.uv.workspace]\nmembers = ["libs/*"]\n'],
  ["libs/core_api/pyproject.toml", '[project]\nname = "Core_API"\n'],
]);

test.each([
  ["of uv's workspace", 'dependencies = ["core-api"]\n[tool.uv.sources]\ncore-api = { workspace = true }', []],
  ["by its folder, for uv", 'dependencies = ["core-api"]\n[tool.uv.sources]\ncore-api = { path = "../core_api" }', []],
  ["by its folder, for Poetry", '[tool.poetry.dependencies]\ncore-api = { path = "../core_api", develop = true }', []],
  ["by name alone, which the index answers", 'dependencies = ["core-api"]', ["core-api"]],
  ["by another folder", '[tool.poetry.dependencies]\ncore-api = { path = "../evil" }', ["core-api (../evil)"]],
  [
    "by an address",
    'dependencies = ["core-api @ git+https://evil.example/x"]',
    ["core-api (git+https://evil.example/x)"],
  ],
])("Python: a package of the repository %s", (_, text, expected) => {
  const manifest = { before: '[project]\nname = "web"\n', after: `[project]\nname = "web"\n${text}\n` };
  expect(newDependencies("libs/web/pyproject.toml", manifest, siblingsIn(python))).toEqual(expected);
});
