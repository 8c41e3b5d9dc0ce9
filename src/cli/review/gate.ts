import { realpathSync } from "node:fs";
import { messageOf } from "../../errors.ts";
import { stateFolder } from "../edge/folders.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { writeOut } from "../edge/stdio.ts";
import { readStdin } from "../edge/text-input.ts";
import { carryOut } from "./carry-out.ts";
import { MOST_ROUNDS, openRecord } from "./gate-record.ts";
import { changedSince, readStop, sessionStart } from "./gate-session.ts";
import { blockWords } from "./gate-words.ts";
import type { ReviewFlags } from "./options.ts";
import { reviewCall } from "./request.ts";

/** What Claude Code reads from a Stop hook; null: nothing. */
type Said = { readonly decision: "block"; readonly reason: string } | { readonly systemMessage: string } | null;

/**
 * `ask_codex review gate`, the Stop hook: reviews what the session changed, and blocks the stop for findings that it has not handed over
 * before. Whatever fails lets Claude stop: the exit code is always 0.
 */
export async function gate(flags: ReviewFlags): Promise<number> {
  const said = await decide(flags).catch((error: unknown): Said => passed(messageOf(error)));
  if (said !== null) writeOut(`${JSON.stringify(said)}\n`);
  return 0;
}

async function decide(flags: ReviewFlags): Promise<Said> {
  const stop = readStop(await readStdin());
  if (stop === null) return passed("what a Stop hook is given was not on stdin");
  // Claude goes on because of a block already: a second one would be a loop.
  if (stop.stop_hook_active) return null;
  refuseInside("ask_codex review gate");
  const state = stateFolder();
  const record = await openRecord(state, stop.session_id);
  if (record.rounds >= MOST_ROUNDS) return null;
  const since = sessionStart(stop.transcript_path);
  if (since === null) return passed("when this session began is not known");
  const workspace = realpathSync(stop.cwd);
  const change = await changedSince(since, workspace);
  if (change === null || change.paths.size === 0 || record.trees.includes(change.tree)) return null;
  const target = { uncommitted: false, base: change.base, failOn: flags.failOn ?? ("blocker" as const) };
  const call = await reviewCall({ ...flags, ...target, workspace }, state);
  const { outcome, report } = await carryOut(call, flags, state);
  const open = outcome.blocking.filter(
    ({ id, path, inChange }) => inChange && change.paths.has(path) && !record.findings.includes(id),
  );
  if (open.length > 0) {
    await record.keep({ tree: change.tree, findings: open.map(({ id }) => id) });
    return { decision: "block", reason: blockWords(open, report) };
  }
  const { verdict, error, signal } = outcome;
  if (verdict === "not_reviewed" || verdict === "incomplete" || signal !== null)
    return passed(error?.message ?? `the review was ended${signal === null ? "" : ` by ${signal}`}`);
  await record.keep({ tree: change.tree, findings: [] });
  return null;
}

function passed(why: string): Said {
  return { systemMessage: `ask-codex: this stop was not reviewed in full: ${why}` };
}
