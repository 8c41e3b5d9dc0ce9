import { parse } from "smol-toml";

/** What a Cargo.toml depends on: of its own, for some targets, and what its workspace shares. */
export function cargoDependencies(text: string): string[] {
  const manifest = tableOf(text);
  const holders = [manifest, tableAt(manifest, "workspace"), ...tablesIn(manifest, "target")];
  return holders.flatMap((holder) =>
    ["dependencies", "dev-dependencies", "build-dependencies"].flatMap((name) => Object.keys(tableAt(holder, name))),
  );
}

/** What a pyproject.toml asks for, in the standard's tables, and in those of Poetry and PDM. */
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
    ["dependencies", "dev-dependencies"].flatMap((name) => Object.keys(tableAt(holder, name))),
  );
  return [...lists.flatMap(requirementsIn), ...keyed.filter((name) => name !== "python")];
}

export function pipfileDependencies(text: string): string[] {
  const manifest = tableOf(text);
  return ["packages", "dev-packages"].flatMap((name) => Object.keys(tableAt(manifest, name)));
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

/** The names in a list of requirements: `flask[async]>=3` asks for flask. */
function requirementsIn(list: unknown): string[] {
  const words = Array.isArray(list) ? list.filter((word) => typeof word === "string") : [];
  return words.flatMap((word) => /^\s*([A-Za-z0-9][\w.-]*)/.exec(word)?.[1] ?? []);
}
