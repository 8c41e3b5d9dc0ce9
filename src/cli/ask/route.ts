import { SCHEMA_VERSION } from "../../ask/report/result.ts";
import { UsageError } from "../../errors.ts";
import { readPolicy } from "../../handoff/contract/policy.ts";
import { routeFor } from "../../handoff/contract/route.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { folder } from "../command/flag-values.ts";
import { currentFolder } from "../edge/folders.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";

/** `ask_codex route`: who should do a task, by the project's policy. */
export async function route(
  task: string,
  { workspace = ".", json }: { readonly workspace?: string; readonly json: boolean },
): Promise<number> {
  if (task.trim() === "") throw new UsageError("There is no task to route.", 'Try: ask_codex route "the task".');
  const there = await folder("Workspace", workspace, currentFolder());
  // Without a repository nothing says how far up a policy may be.
  const root = (await findWorkTree(there))?.root ?? there;
  const policy = await readPolicy(there, root);
  const way = routeFor(task, policy.delegation);
  // What the policy wants of the one who does it.
  const rules = way.route === "ask" ? [] : policy.executors[way.route];
  const told = { ...way, policy: policy.path };
  if (json) writeOut(`${JSON.stringify({ schema_version: SCHEMA_VERSION, ...told, rules })}\n`);
  else writeOut(lines([...Object.entries(told), ...rules.map((rule) => ["rule", rule] as const)]));
  return 0;
}
