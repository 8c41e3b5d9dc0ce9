import type * as z from "zod/mini";
import { fileFault, isErrno, UsageError } from "../../errors.ts";
import { readPlain } from "../read-plain.ts";

export interface ConfigFile<Form> {
  /** Null: there is no place for one. */
  readonly path: string | null;
  /** Whether a link may lead to it: to a file of the user's own, and to no file of a repository's. */
  readonly follow: boolean;
  /** What it may say. Asked for where there is a file: most have none, and need not load it. */
  readonly rules: () => Promise<ConfigRules<Form>>;
}

interface ConfigRules<Form> {
  readonly form: Form;
  /** What may be set, for a file that sets something else. */
  readonly hint: string;
}

/**
 * A file of keys and values in YAML; null where there is none.
 * @throws UsageError for a file that cannot be read, or says anything but what its form takes
 */
export async function readConfigFile<Form extends z.ZodMiniObject>({
  path,
  follow,
  rules,
}: ConfigFile<Form>): Promise<z.infer<Form> | null> {
  if (path === null) return null;
  const data = await contentOf(path, follow);
  if (data === null) return null;
  const { form, hint } = await rules();
  const found = form.safeParse(data);
  if (found.success) return found.data;
  const { schemaFaults } = await import("../../text/schema-faults.ts");
  const first = found.error.issues.slice(0, 1);
  const faults = schemaFaults(first, []);
  const unknown = first[0]?.code === "unrecognized_keys";
  const what = unknown ? `${faults.map(({ field }) => field).join(", ")} cannot be set there` : faults[0]?.what;
  throw new UsageError(`${path}: ${what}.`, hint);
}

async function contentOf(path: string, follow: boolean): Promise<unknown> {
  try {
    const text = readPlain(path, { follow });
    return await (await import("../front-matter.ts")).readYaml(text);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return null;
    throw new UsageError(`${path} cannot be read (${fileFault(error)}).`, "Fix the file, or move it away.");
  }
}
