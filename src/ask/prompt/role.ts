import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { inBatches } from "../../bounds/in-batches.ts";
import type { SandboxMode } from "../../codex/settings.ts";
import { isErrno, messageOf, UsageError } from "../../errors.ts";
import { type FrontMatter, readFrontMatter } from "../../files/front-matter.ts";
import { exists, upwards } from "../../files/look.ts";
import { readPlain } from "../../files/read-plain.ts";
import { schemaFaults } from "../../text/schema-faults.ts";

/** A way of working, by name: what a turn is set to, and what Codex gets beside the task. */
export interface Role {
  readonly name: string;
  /** Null: as it would be without the role. */
  readonly sandbox: SandboxMode | null;
  readonly effort: string | null;
  readonly frame: string;
}

export interface RolePlaces {
  /** The package's own roles. */
  readonly own: string;
  /** The folder that Codex works in: the project's roles are in `.ask-codex/roles` there, or above it in the same repository. */
  readonly workspace: string;
}

/** What may stand in front of a role. What could widen a run (network, folders, full access) is nothing a file can say. */
const frontMatter = z.strictObject({
  description: z.string(),
  sandbox: z.optional(z.enum(["read-only", "workspace-write"])),
  effort: z.optional(z.string()),
});

/**
 * Reads a role: the project's, else ours. A project's role may only narrow: its sandbox counts when it is read-only, and it cannot
 * take that away from a role of ours that has it.
 * @throws UsageError for a role that does not exist or cannot be read
 */
export async function loadRole(name: string, { own, workspace }: RolePlaces): Promise<Role> {
  const project = await projectRoles(workspace);
  const ours = await readRole(own, name);
  const theirs = project === null ? null : await readRole(project, name);
  if (theirs === null && ours === null) throw await unknown(name, [own, ...(project === null ? [] : [project])]);
  if (theirs === null) return ours as Role;
  const readOnly = theirs.sandbox === "read-only" || ours?.sandbox === "read-only";
  return { ...theirs, sandbox: readOnly ? "read-only" : null };
}

/** A role of ours, whatever the project says: no project may reword it. */
export async function ownRole(name: string, own: string): Promise<Role> {
  const role = await readRole(own, name);
  if (role === null) throw await unknown(name, [own]);
  return role;
}

async function readRole(folder: string, name: string): Promise<Role | null> {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(name)) return null;
  const path = join(folder, `${name}.md`);
  let text: string;
  try {
    text = readPlain(path, { follow: true });
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return null;
    throw new UsageError(
      `The role cannot be read: ${path} (${messageOf(error)})`,
      "Repair the file, or leave out --role.",
    );
  }
  const { data, content } = await takeApart(path, text);
  const parsed = frontMatter.safeParse(data);
  if (!parsed.success) {
    const [first] = schemaFaults(parsed.error.issues, Object.keys(frontMatter.def.shape));
    throw fault(path, first?.what ?? "its front matter does not fit");
  }
  if (content.trim() === "") throw fault(path, "it says nothing to Codex: the text below the front matter is missing");
  const { sandbox = null, effort = null } = parsed.data;
  return { name, sandbox, effort, frame: content.trim() };
}

async function takeApart(path: string, text: string): Promise<FrontMatter> {
  try {
    return await readFrontMatter(text);
  } catch (error) {
    throw fault(path, messageOf(error));
  }
}

function fault(path: string, what: string): UsageError {
  const hint =
    "A role is markdown with front matter: description, and if need be sandbox (read-only, workspace-write) and effort.";
  return new UsageError(`The role ${path} is not usable: ${what}`, hint);
}

/** The nearest `.ask-codex/roles`, no further up than the repository's own folder. */
async function projectRoles(workspace: string): Promise<string | null> {
  for (const folder of upwards(workspace)) {
    const roles = join(folder, ".ask-codex", "roles");
    if (await exists(roles)) return roles;
    if (await exists(join(folder, ".git"))) break;
  }
  return null;
}

async function unknown(name: string, folders: readonly string[]): Promise<UsageError> {
  const lists = await inBatches(folders, (folder) => readdir(folder).catch(() => []));
  const names = lists.flat().flatMap((file) => /^([a-z][a-z0-9-]*)\.md$/.exec(file)?.[1] ?? []);
  return new UsageError(`--role ${name} is unknown.`, `Use ${[...new Set(names)].sort().join(", ")}.`);
}
