/**
 * What a package.json depends on: names, and beside a name where it comes from if that is not the registry under this name (`npm:`,
 * git, an address, a folder). Overrides and resolutions count. Packages of the same workspace bring nothing new.
 */
export function npmDependencies(text: string): string[] {
  const manifest = parsed(text);
  const listed = GROUPS.flatMap((group) => entriesOf(manifest[group]));
  const overridden = [manifest["overrides"], manifest["resolutions"], recordOf(manifest["pnpm"])["overrides"]].flatMap(
    flattened,
  );
  return [...listed, ...overridden].flatMap(([name, spec]) => {
    if (spec.startsWith("workspace:")) return [];
    return FOREIGN.test(spec) ? [`${name} (${spec})`] : [name];
  });
}

const GROUPS = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

const FOREIGN =
  /^(?:npm:|git[+:@]|github:|gitlab:|bitbucket:|gist:|https?:|file:|link:|portal:|patch:|ssh:|[\w.-]+\/[\w.-]+(?:#|$)|\.{0,2}\/)/;

type Json = Readonly<Record<string, unknown>>;

/** JSON that cannot be read depends on nothing: whatever builds with it fails. */
function parsed(text: string): Json {
  try {
    return recordOf(JSON.parse(text.replace(/^\uFEFF/, "")));
  } catch {
    return {};
  }
}

function recordOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function entriesOf(group: unknown): (readonly [string, string])[] {
  return Object.entries(recordOf(group)).map(([name, spec]) => [name, typeof spec === "string" ? spec : ""] as const);
}

/** Overrides may be nested: `{ a: { ".": "1", b: "npm:c@1" } }`. */
function flattened(overrides: unknown): (readonly [string, string])[] {
  return Object.entries(recordOf(overrides)).flatMap(([name, spec]) =>
    typeof spec === "string" ? [[bareName(name), spec] as const] : flattened(spec),
  );
}

/** `a>b@1` → `b` */
function bareName(name: string): string {
  const last = name.split(">").at(-1) ?? name;
  return last.replace(/(?<=.)@.*$/, "");
}
