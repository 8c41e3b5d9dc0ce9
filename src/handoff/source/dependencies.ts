import { basename } from "node:path";
import { actionsIn, imagesIn } from "./image-dependencies.ts";
import { npmDependencies } from "./npm-dependencies.ts";
import { isSibling, type Sibling } from "./siblings.ts";
import { cargoDependencies, pipfileDependencies, pyprojectDependencies } from "./toml-dependencies.ts";

/** True for files in which a project says what it depends on. Lock files only say what became of that. */
export function isManifest(path: string): boolean {
  return readerOf(path) !== undefined;
}

/** A manifest before and after the work; null: there is none. */
interface ManifestTexts {
  readonly before: string | null;
  readonly after: string | null;
}

/** The names that a manifest depends on now and did not before, sorted. Packages of the same repository are not new. */
export function newDependencies(
  path: string,
  { before, after }: ManifestTexts,
  siblings: readonly Sibling[] = [],
): string[] {
  const read = readerOf(path);
  if (read === undefined || after === null) return [];
  const known = new Set(before === null ? [] : read(before));
  return [...new Set(read(after))].filter((name) => !known.has(name) && !isSibling(path, name, siblings)).sort();
}

type Reader = (text: string) => string[];

function readerOf(path: string): Reader | undefined {
  const name = basename(path);
  if (/(?:^|\/)\.(?:github|gitea|forgejo)\/(?:workflows|actions)\/.*\.ya?ml$/.test(path)) return actionsIn;
  return MANIFESTS.find(([pattern]) => pattern.test(name))?.[1];
}

const MANIFESTS: readonly (readonly [name: RegExp, Reader])[] = [
  [/^package\.json$/, npmDependencies],
  [/^setup\.py$/, setupPy],
  [/^setup\.cfg$/, setupCfg],
  [/^Pipfile$/, (text) => pipfileDependencies(text).map(pythonName)],
  [/^(?:.*\.)?(?:Dockerfile|Containerfile)(?:\..*)?$/i, imagesIn],
  [/^(?:docker-)?compose.*\.ya?ml$/, actionsIn],
  [/^action\.ya?ml$/, actionsIn],
  [/^composer\.json$/, keysOf("require", "require-dev")],
  [/^requirements.*\.(?:txt|in)$/i, requirements],
  [/^pyproject\.toml$/, (text) => pyprojectDependencies(text).map(pythonName)],
  [/^Cargo\.toml$/, cargoDependencies],
  [/^go\.mod$/, goModule],
  [/^Gemfile$/, (text) => allOf(text, /^[ \t]*gem[ \t(]+["']([^"']+)["']/gm)],
  [/^pom\.xml$/, maven],
  [/^build\.gradle(\.kts)?$/, gradle],
  [/\.csproj$/, (text) => allOf(text, /<PackageReference\b[^>]*\bInclude\s*=\s*["']([^"']+)["']/g)],
];

/** JSON that cannot be read depends on nothing: whatever builds with it fails. */
function keysOf(...groups: readonly string[]): Reader {
  return (text) => {
    try {
      const manifest = JSON.parse(text.replace(/^\uFEFF/, "")) as Record<string, unknown> | null;
      return groups.flatMap((group) => Object.keys((manifest?.[group] as object | undefined) ?? {}));
    } catch {
      return [];
    }
  };
}

function requirements(text: string): string[] {
  // A requirement, or an address, which is all the name that it has; options (-r, --hash) are neither.
  return allOf(text, /^[ \t]*((?:git\+|https?:)[^\s#]+|[A-Za-z0-9][\w.-]*)/gm).map(pythonName);
}

/** The strings in the lists of install_requires and its kin. */
function setupPy(text: string): string[] {
  const code = text.replace(/^[ \t]*#.*$/gm, "");
  const lists = allOf(code, /\b(?:install|setup|tests|extras)_requires?\s*[=:]\s*(\[[^\]]*\]|\{[^}]*\})/g);
  // In a table of extras, what stands before a colon is the name of a group.
  return lists.flatMap((list) => allOf(list, /["']\s*([A-Za-z0-9][\w.-]*)[^"'\n]*["'](?!\s*:)/g)).map(pythonName);
}

function setupCfg(text: string): string[] {
  const lists = allOf(text, /^(?:install|setup|tests)_requires?[ \t]*=(.*(?:\n[ \t]+.*)*)/gm);
  return lists.flatMap((list) => allOf(list, /^[ \t]*([A-Za-z0-9][\w.-]*)/gm)).map(pythonName);
}

/** As the package index compares names. */
function pythonName(name: string): string {
  const [, own = "", rest = ""] = /^(\S*)(.*)$/s.exec(name) ?? [];
  return own.includes(":") ? name : `${own.toLowerCase().replace(/[-_.]+/g, "-")}${rest}`;
}

function goModule(text: string): string[] {
  const blocks = allOf(text, /^require[ \t]*\(([^)]*)\)/gm);
  return [
    ...allOf(text, /^require[ \t]+([^\s(]+)[ \t]+v/gm),
    ...blocks.flatMap((block) => allOf(block, /^[ \t]*([^\s/][^\s]*)[ \t]+v/gm)),
  ];
}

function maven(text: string): string[] {
  return allOf(text.replace(/<!--.*?-->/gs, ""), /<dependency>(.*?)<\/dependency>/gs).map((dependency) => {
    const [group = "", artifact = ""] = ["groupId", "artifactId"].map(
      (tag) => new RegExp(`<${tag}>\\s*([^<]*?)\\s*</${tag}>`).exec(dependency)?.[1],
    );
    return `${group}:${artifact}`;
  });
}

function gradle(text: string): string[] {
  const configuration =
    "(?:\\w*[iI]mplementation|\\w*[aA]pi|\\w*[cC]ompileOnly|\\w*[rR]untimeOnly|kapt|ksp|annotationProcessor|classpath|compile|testCompile)";
  const call = `^[ \\t]*${configuration}[ \\t]*[( \\t][ \\t]*(?:(?:enforcedP|p)latform[ \\t]*\\([ \\t]*)?`;
  return [
    ...allOf(text, new RegExp(`${call}["']([^"':]+:[^"':]+)`, "gm")),
    ...allOf(text, new RegExp(`${call}(libs\\.[\\w.]+)`, "gm")),
  ];
}

function allOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, found]) => found ?? []);
}
