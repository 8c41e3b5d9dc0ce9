import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../errors.ts";
import { installCommand, routeOf } from "../../setup/install-route.ts";
import { type Installation, installSkill, planInstallation } from "../../setup/install-skill.ts";
import { compareWithList, inspectInstalled, lossOf } from "../../setup/installed-skill.ts";
import { neededRules } from "../../setup/needed-rules.ts";
import { missingRules, withRules } from "../../setup/permission-rules.ts";
import { lacksGate, withGate } from "../../setup/review-gate.ts";
import { compareVersions } from "../../text/versions.ts";
import { sessionsPath, statePath } from "../edge/folders.ts";
import { cancelOnSignals } from "../edge/signals.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines, type Pair } from "../output/value-lines.ts";
import { tell } from "./lines.ts";
import { ownSkill, packageFolder, skillPlace } from "./place.ts";

export interface InstallFlags {
  readonly project: boolean;
  readonly dryRun: boolean;
  readonly allow: boolean;
  readonly reviewGate: boolean;
  readonly downgrade: boolean;
}

/** `ask-codex install`: the skill, with --allow its rules, and with --review-gate its hook. A settings file that cannot be read is found out before anything. */
export async function install({ project, dryRun, allow, reviewGate, downgrade }: InstallFlags): Promise<number> {
  const { skill: folder, settings } = skillPlace(project ? "project" : "user");
  const rules = await neededRules({ skill: folder, state: statePath(), sessions: sessionsPath() });
  const missing = allow ? await missingRules(settings, rules) : [];
  const ungated = reviewGate && (await lacksGate(settings, folder));
  const own = await ownSkill();
  const isItself = packageFolder() === (await realpath(folder).catch(() => null));
  if (isItself) await requireWhole(folder);
  const planned = isItself ? ITSELF : await planInstallation(own, folder);
  if (!downgrade) refuseOlder(planned.before, own.version, folder);
  // A signal in the middle must leave a whole skill behind, old or new; it takes a moment.
  if (!dryRun) cancelOnSignals();
  const put = async () => (isItself ? planned : installSkill(own, folder));
  const gated = ungated ? () => withGate(settings, folder, put) : put;
  const done = dryRun ? planned : await withRules(settings, missing, gated);
  const kept = done.kept.filter(({ from, to }) => from !== to).map(({ to }) => join(folder, to));
  const pairs: readonly Pair[] = [
    ["status", dryRun ? `would_be_${done.action}` : done.action],
    ["version", own.version],
    ["previous_version", done.before === own.version ? null : done.before],
    ["skill", folder],
    ["files", own.files.length],
    ...kept.map((path): Pair => ["kept", path]),
    ["settings", allow || reviewGate ? settings : null],
    ["rules_added", allow ? missing.length : null],
    ...missing.map((rule): Pair => [dryRun ? "would_add" : "rule", rule]),
    ["review_gate", reviewGate ? (ungated ? (dryRun ? "would_be_added" : "added") : "present") : null],
  ];
  writeOut(lines(pairs));
  if (isItself) tell(saidOfItself(folder));
  else tell(SAID[done.action](dryRun, own.version, folder));
  // No one knows who has changed a copy made by hand: it may only be older.
  const what = done.action === "adopted" ? "What was there" : "Your own version";
  for (const path of kept) tell(`${what} ${dryRun ? "would be kept" : "is kept"} as ${path}`);
  if (!allow && (done.action === "installed" || done.action === "adopted"))
    tell("Claude Code will ask before it runs the commands and reads reports; install --allow adds permission rules.");
  if (!dryRun && done.action !== "current") for (const line of NEXT) tell(line);
  return 0;
}

const NEXT = [
  "Now say in Claude Code, for example:",
  '  "Use codex to find out why the tests of src/parser are slow."',
  '  "Let codex review what I have not committed."',
  "  /ask-codex Add a --json flag to the list command, with a test.",
  "To check the installation, run ask-codex doctor, or scripts/ask-codex doctor in the skill's folder.",
];

const ITSELF: Installation = { action: "current", before: null, kept: [] };

const SAID: Readonly<Record<Installation["action"], (dryRun: boolean, version: string, folder: string) => string>> = {
  installed: (dryRun, version, folder) => `${dryRun ? "Would install" : "Installed"} ${version} in ${folder}`,
  updated: (dryRun, version, folder) => `${dryRun ? "Would update" : "Updated"} ${folder} to ${version}`,
  adopted: (dryRun, version, folder) =>
    `${dryRun ? "Would take over" : "Took over"} the copy made by hand in ${folder}, with ${version}`,
  current: (_, version, folder) => `${folder} has ${version} already.`,
};

/** A copy cannot take itself over: it would take every edit in it for ours. */
function saidOfItself(folder: string): string {
  return `${folder} is the installed copy itself: nothing to copy. To renew it, run ${installCommand(routeOf(folder))}.`;
}

/** A stale clone or package must not take a newer skill away by accident. */
function refuseOlder(before: string | null, version: string, folder: string): void {
  if (before === null || (compareVersions(version, before) ?? 0) >= 0) return;
  throw new UsageError(
    `${folder} has the newer version ${before}, and this is ${version}.`,
    "To go back on purpose: install --downgrade.",
  );
}

/** A copy that has lost files has nothing to bring them back from. */
async function requireWhole(folder: string): Promise<void> {
  const installed = await inspectInstalled(folder);
  const known = installed.type === "ours" ? installed : await compareWithList(folder);
  const loss = known === null ? null : lossOf(known);
  if (loss === null) return;
  throw new UsageError(
    `${folder} is the installed copy itself, and ${loss}.`,
    `Run ${installCommand(routeOf(folder))}.`,
  );
}
