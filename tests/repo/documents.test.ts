import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { documents, resolves, scriptsNamedIn, textOf } from "../support/documents/documents.ts";
import { anchorOf, fencesIn, headingsIn, linksIn, sectionOf } from "../support/documents/markdown.ts";

const readme = textOf("README.md");
const manifest = JSON.parse(textOf("package.json")) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly files: readonly string[];
};

test("every link leads somewhere", () => {
  const links = documents.flatMap(({ path, text }) => linksIn(text).map((target) => ({ path, target })));
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter(({ path, target }) => !target.startsWith("https:") && !resolves(path, target))).toEqual([]);
});

test("a document that ships links only to what ships", () => {
  const ships = (path: string) => manifest.files.some((part) => path === part || path.startsWith(`${part}/`));
  const shipped = documents.filter(({ path }) => ships(path));
  expect(shipped.map(({ path }) => path)).toEqual(expect.arrayContaining(["README.md", "SKILL.md", "SECURITY.md"]));
  const links = shipped.flatMap(({ path, text }) =>
    linksIn(text).map((target) => ({
      path,
      target: join(dirname(path), target.split("#")[0] || basename(path)),
      url: target,
    })),
  );
  expect(links.filter(({ target, url }) => !url.startsWith("https:") && !ships(target))).toEqual([]);
});

const references = documents.filter(({ path }) => path.startsWith("references/"));

test.each(references)("$path begins with a list of its sections", ({ text }) => {
  const [opening = ""] = text.split("\n## ");
  const links = [...opening.matchAll(/^- \[(.*)\]\((.*)\)$/gm)].map(([, title, target]) => ({ title, target }));
  expect(links).toEqual(headingsIn(text, 2).map((title) => ({ title, target: `#${anchorOf(title)}` })));
});

test("the README has fewer than 150 lines", () => {
  expect(readme.trimEnd().split("\n").length).toBeLessThan(150);
});

test("the set-up is two commands, and the continuous check is the second", () => {
  const setUp = fencesIn(sectionOf(readme, "Set up")).map((text) => text.trim());
  expect(setUp).toEqual(["npm ci && npm run demo", "npm ci && npm test"]);
  expect(textOf(".ci/run").split("\n")).toContain(setUp[1]);
});

test("every npm script that a document names exists", () => {
  const named = documents.flatMap(({ text }) => scriptsNamedIn(text));
  expect(named).toEqual(expect.arrayContaining(["demo", "test", "bench", "build"]));
  expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

test("no document names a folder of one machine or a package registry", () => {
  const machine = /(?<![\w.~/-])\/(?:home|root|work|Users|tmp|mnt|private)\b[^\s`)]*|\b[A-Z]:\\\S*/g;
  const registry = /https?:\/\/[^\s)]*(?:registry|artifactory|nexus|verdaccio|npmmirror)[^\s)]*/gi;
  const found = documents.flatMap(({ text }) => [...(text.match(machine) ?? []), ...(text.match(registry) ?? [])]);
  expect(found).toEqual([]);
});
