import { UsageError } from "../errors.ts";
import { readUserConfig } from "../files/config/user-file.ts";
import { type MachineFields, machinesForm } from "./form.ts";

/** A machine of the user's, reached by ssh. */
export interface Machine extends MachineFields {
  readonly name: string;
}

const NEXT = "references/machines.md shows what a machine is described by.";

/**
 * The machines of these names, from the user's own configuration: a plan or a repository cannot name any.
 * @throws UsageError
 */
export async function readMachines(names: readonly string[], config: string | null): Promise<readonly Machine[]> {
  const place = config ?? "Your configuration";
  const parsed = machinesForm.safeParse((await readUserConfig(config)).machines ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(`${place}: ${["machines", ...(issue?.path ?? [])].join(".")}: ${issue?.message}.`, NEXT);
  }
  const known = Object.keys(parsed.data);
  return [...new Set(names)].map((name) => {
    const found = Object.hasOwn(parsed.data, name) ? parsed.data[name] : undefined;
    if (found !== undefined) return { name, ...found };
    const others = known.length === 0 ? "It names none." : `It names ${known.join(", ")}.`;
    throw new UsageError(`${place} has no machine called ${name}.`, `${others} ${NEXT}`);
  });
}
