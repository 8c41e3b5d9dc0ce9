import { parse } from "smol-toml";

/** What a Cargo.toml depends on: of its own, for some targets, and what its workspace shares. */
export function cargoDependencies(text: string): string[] {
  const manifest = tableOf(text);
  const holders = [manifest, tableAt(manifest, "workspace"), ...tablesIn(manifest, "target")];
  return holders.flatMap((holder) =>
    ["dependencies", "dev-dependencies", "build-dependencies"].flatMap((name) => entriesIn(tableAt(holder, name))),
  );
}

/** What a pyproject.toml asks for, in the tables of the standard, of Poetry and of PDM. */
export function pyprojectDependencies(text: string): string[] {
  const manifest = tableOf(text);
  const project = tableAt(manifest, "project");
  const pdm = tableAt(manifest, "tool", "pdm", "dev-dependencies");
  const groups = [tableAt(project, "optional-dependencies"), tableAt(manifest, "dependency-groups"), pdm];
  const lists = [
    project["dependencies"],
    tableAt(manifest, "build-system")["requires"],
    ...groups.flatMap((group) => Object.values(group)),
  ];
  const poetry = tableAt(manifest, "tool", "poetry");
  const keyed = [poetry, ...tablesIn(poetry, "group")].flatMap((holder) =>
    ["dependencies", "dev-dependencies"].flatMap((name) => entriesIn(tableAt(holder, name))),
  );
  const sources = tableAt(manifest, "tool", "uv", "sources");
  const listed = lists.flatMap(requirementsIn).map((name) => (name in sources ? named(name, sources[name]) : name));
  return [...listed, ...keyed.filter((name) => name !== "python")];
}

/** The name by which a manifest's own package is known. */
export function packageName(text: string): string | null {
  const manifest = tableOf(text);
  const holders = [tableAt(manifest, "package"), tableAt(manifest, "project"), tableAt(manifest, "tool", "poetry")];
  const name = holders.map((holder) => holder["name"]).find((one) => typeof one === "string");
  return name === undefined ? null : String(name);
}

export function pipfileDependencies(text: string): string[] {
  const manifest = tableOf(text);
  return ["packages", "dev-packages"].flatMap((name) => entriesIn(tableAt(manifest, name)));
}

/** A dependency in each key. What a crate takes from its workspace stands in the workspace's own manifest. */
function entriesIn(table: Table): string[] {
  return Object.entries(table).flatMap(([key, entry]) => {
    if (!isTable(entry)) return key;
    if (entry["workspace"] === true) return [];
    return named(typeof entry["package"] === "string" ? entry["package"] : key, entry);
  });
}

/** `name (../folder)` where it comes from elsewhere than the registry. */
function named(name: string, source: unknown): string {
  if (!isTable(source)) return name;
  const where = ["path", "git", "url", "file"].map((key) => source[key]).find((one) => typeof one === "string");
  if (where !== undefined) return `${name} (${where})`;
  return source["workspace"] === true ? `${name} (workspace)` : name;
}

type Table = Readonly<Record<string, unknown>>;

/** TOML that cannot be read depends on nothing: whatever builds with it fails. */
function tableOf(text: string): Table {
  try {
    return parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return {};
  }
}

function tableAt(table: Table, ...path: readonly string[]): Table {
  return path.reduce<Table>((within, name) => (isTable(within[name]) ? within[name] : {}), table);
}

function tablesIn(table: Table, name: string): readonly Table[] {
  return Object.values(tableAt(table, name)).filter(isTable);
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The names in a list of requirements: `flask[async]>=3` asks for flask, `flask @ git+https://…` for another one. */
function requirementsIn(list: unknown): string[] {
  const words = Array.isArray(list) ? list.filter((word) => typeof word === "string") : [];
  return words.flatMap((word) => {
    const [, name, where] = /^\s*([A-Za-z0-9][\w.-]*)(?:\s*(?:\[[^\]]*\])?\s*@\s*(\S+))?/.exec(word) ?? [];
    return name === undefined ? [] : where === undefined ? name : `${name} (${where})`;
  });
}
