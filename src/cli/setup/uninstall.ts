import { join } from "node:path";
import { livingWorkers } from "../../setup/living-workers.ts";
import { neededRules } from "../../setup/needed-rules.ts";
import { presentRules, removeRules } from "../../setup/permission-rules.ts";
import { planRemoval, removeSkill } from "../../setup/remove-skill.ts";
import { hasGate, removeGate } from "../../setup/review-gate.ts";
import { sessionsPath, statePath } from "../edge/folders.ts";
import { cancelOnSignals } from "../edge/signals.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";
import { tell } from "./lines.ts";
import { skillPlace } from "./place.ts";

/** `ask-codex uninstall`: what we have put there goes, what the user has made stays. */
export async function uninstall({
  project,
  dryRun,
}: {
  readonly project: boolean;
  readonly dryRun: boolean;
}): Promise<number> {
  const { skill: folder, settings } = skillPlace(project ? "project" : "user");
  const [state, sessions] = [statePath(), sessionsPath()];
  const rules = await neededRules({ skill: folder, state, sessions });
  // Whatever stands in the way is found before anything is removed.
  const present = await presentRules(settings, rules);
  const gated = await hasGate(settings, folder);
  const planned = await planRemoval(folder);
  const workers = await livingWorkers(sessions);
  if (!dryRun) cancelOnSignals();
  if (!dryRun) await removeRules(settings, rules);
  if (!dryRun) await removeGate(settings, folder);
  const done = dryRun ? planned : await removeSkill(folder);
  const kept = done.kept.map(({ to }) => join(folder, to));
  const isThere = done.action === "removed";
  writeOut(
    lines([
      ["status", dryRun && isThere ? "would_be_removed" : done.action],
      ["version", done.version],
      ["skill", folder],
      ...kept.map((path) => ["kept", path] as const),
      ["settings", present.length > 0 || gated ? settings : null],
      ...present.map((rule) => [dryRun ? "would_remove" : "rule_removed", rule] as const),
      ["review_gate", gated ? (dryRun ? "would_be_removed" : "removed") : null],
      ...workers.map(({ id, pid }) => ["worker", `${id} (process ${pid})`] as const),
      ["state", state],
    ]),
  );
  if (isThere) tell(`${dryRun ? "Would remove" : "Removed"} ${done.version} from ${folder}`);
  else tell(`Nothing is installed in ${folder}`);
  if (kept.length > 0) tell(`Yours, and kept: ${kept.join(", ")}`);
  if (workers.length > 0) tell(`${workers.length} broker sessions are still served; their workers go on to their end.`);
  tell(`Sessions and reports stay in ${state}; delete that folder when you no longer need them.`);
  return 0;
}
