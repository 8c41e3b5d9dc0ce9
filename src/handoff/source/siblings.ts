import { posix } from "node:path";
import picomatch from "picomatch";
import { parseYaml } from "../../files/yaml.ts";
import { packageName } from "./toml-dependencies.ts";

/** A package of the repository, as it was before the work. */
export interface Sibling {
  readonly name: string;
  /** The manifest that says so: package.json, Cargo.toml or pyproject.toml. */
  readonly manifest: string;
  /** From the root of the work tree. */
  readonly folder: string;
  /** The package manager takes this name from the folder, whatever version is asked for. */
  readonly isMember: boolean;
}

/** True for the files that `siblingsIn` reads. */
export function namesSiblings(path: string): boolean {
  return (
    /(?:^|\/)(?:package\.json|Cargo\.toml|pyproject\.toml)$|^pnpm-workspace\.yaml$/.test(path) &&
    !/(?:^|\/)node_modules\//.test(path)
  );
}

/** The packages of a repository: each manifest with a name, and whether the workspaces of npm's root take it in. */
export function siblingsIn(texts: ReadonlyMap<string, string | null>): readonly Sibling[] {
  const members = memberPatterns(texts);
  const isMember = picomatch(
    members.filter((one) => !one.startsWith("!")),
    { ignore: members.flatMap(negated) },
  );
  return [...texts].flatMap(([path, text]) => {
    const manifest = posix.basename(path);
    const isNpm = manifest === "package.json";
    const name = isNpm ? recordOf(text, JSON.parse)["name"] : packageName(text ?? "");
    const folder = posix.dirname(path);
    if (typeof name !== "string") return [];
    return [{ name, manifest, folder, isMember: isNpm && members.length > 0 && isMember(folder) }];
  });
}

/** Whether a dependency is a package of the repository: a member of its workspaces by name, or any by the path of its folder. */
export function isSibling(manifest: string, dependency: string, siblings: readonly Sibling[]): boolean {
  const kind = posix.basename(manifest);
  const [, name = dependency, where] = /^(\S+) \((.*)\)$/.exec(dependency) ?? [];
  const isNpm = kind === "package.json";
  // Only npm would take a bare word for something else than a folder.
  const [, path] = (isNpm ? /^(?:file:|link:|portal:)?(\.{1,2}(?:\/.*)?)$/ : /^([^:]+)$/).exec(where ?? "") ?? [];
  return siblings.some((sibling) => {
    if (sibling.manifest !== kind || !sameName(sibling.name, name, kind)) return false;
    if (where === undefined) return sibling.isMember;
    if (kind === "pyproject.toml" && where === "workspace") return true;
    return path !== undefined && posix.join(posix.dirname(manifest), path, ".") === posix.join(sibling.folder, ".");
  });
}

/** Python's tools know a package by many spellings. */
function sameName(one: string, other: string, kind: string): boolean {
  const plain = (name: string) => (kind === "pyproject.toml" ? name.toLowerCase().replace(/[-_.]+/g, "-") : name);
  return plain(one) === plain(other);
}

function memberPatterns(texts: ReadonlyMap<string, string | null>): readonly string[] {
  const { workspaces } = recordOf(texts.get("package.json"), JSON.parse);
  const listed = Array.isArray(workspaces) ? workspaces : recordOf(workspaces)["packages"];
  const pnpm = recordOf(texts.get("pnpm-workspace.yaml"), parseYaml)["packages"];
  return [listed, pnpm]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .filter((pattern) => typeof pattern === "string")
    .map((pattern) => pattern.replace(/^(!?)\.\//, "$1").replace(/\/$/, ""));
}

function negated(pattern: string): readonly string[] {
  return pattern.startsWith("!") ? [pattern.slice(1)] : [];
}

/** What cannot be read names no packages. */
function recordOf(value: unknown, parse: (text: string) => unknown = () => value): Readonly<Record<string, unknown>> {
  try {
    const read = typeof value === "string" ? parse(value.replace(/^\uFEFF/, "")) : value;
    return typeof read === "object" && read !== null && !Array.isArray(read) ? { ...read } : {};
  } catch {
    return {};
  }
}
