import { inBatches } from "../bounds/in-batches.ts";
import { asExpected } from "../errors.ts";
import { type Check, fail } from "./check.ts";
import { type CodexCheckOptions, checkCodex } from "./check-codex.ts";
import { checkClaude, checkGit, checkNesting, checkNode } from "./check-machine.ts";
import { checkProcesses } from "./check-processes.ts";
import { checkRules, checkSkill, rulesCheck, type SkillPlace, skillCheck } from "./check-skill.ts";
import { checkHolds, checkKept, checkState } from "./check-state.ts";
import type { InstallRoute } from "./install-route.ts";
import type { SkillPackage } from "./skill-package.ts";

export interface DoctorOptions extends CodexCheckOptions {
  readonly node: { readonly version: string; readonly path: string };
  readonly cwd: string;
  readonly state: string;
  readonly sessions: string;
  readonly skills: readonly SkillPlace[];
  /** What this package would install; null when it is not whole itself. */
  readonly own: SkillPackage | null;
  /** How this package came here. */
  readonly route: InstallRoute;
}

/** Looks at everything that a run needs; with `fix` it repairs what is ours. Every look has its time limit. */
export async function examine(place: DoctorOptions, fix: boolean): Promise<readonly Check[]> {
  const { node, callers, cwd, state, sessions, skills, own, route } = place;
  // Apart from the others: what its Codex starts must not look like something left over.
  const [codex, claude, git] = await Promise.all([
    made("codex", () => checkCodex(place)),
    made("claude", () => checkClaude(callers, cwd)),
    made("git", () => checkGit(callers, cwd)),
  ]);
  const installed = await inBatches(skills, async (one) => [
    ...(await made(skillCheck(one), () => checkSkill(one, { own, route, fix }))),
    ...(await made(rulesCheck(one), () => checkRules(one, { state, sessions, route }))),
  ]);
  return [
    checkNode(node.version, node.path),
    ...git,
    ...codex,
    checkNesting(callers),
    ...claude,
    ...installed.flat(),
    ...(await made("state", () => checkState(state, fix))),
    ...(await made("holds", () => checkHolds(state, sessions, fix))),
    ...(await made("kept", () => checkKept(state, sessions))),
    ...(await made("processes", () => checkProcesses(state, sessions, fix))),
  ];
}

/** What a check came to, if anything. One that cannot be made has failed, and the others are made all the same. */
async function made(name: string, check: () => Promise<Check | readonly Check[] | null>): Promise<readonly Check[]> {
  try {
    return [(await check()) ?? []].flat();
  } catch (error) {
    const { message, hint } = asExpected(error);
    return [fail(name, message, hint)];
  }
}
