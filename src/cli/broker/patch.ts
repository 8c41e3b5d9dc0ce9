import { basename } from "node:path";
import { applyToOrigin, patchOfSession, requireIdle } from "../../broker/command/own-worktree.ts";
import { oneLine } from "../../text/defuse.ts";
import { sessionFrom } from "../command/session-place.ts";
import { stateFolder } from "../edge/folders.ts";
import { writeErr, writeOut } from "../edge/stdio.ts";

/** `codex_broker patch`: what the session's worktree has beyond the commit it began with. */
export async function patch(id: string | undefined): Promise<number> {
  const { patch: bytes, missing } = await patchOfSession(await sessionFrom("patch", id));
  warnOf(missing);
  writeOut(bytes);
  return 0;
}

/** `codex_broker apply`: all of it or nothing. */
export async function apply(id: string | undefined): Promise<number> {
  const folder = await sessionFrom("apply", id);
  await requireIdle(folder);
  const made = await patchOfSession(folder);
  warnOf(made.missing);
  const result = await applyToOrigin(folder, made, stateFolder());
  const told = (lines: readonly string[]) => writeOut([`broker_id=${basename(folder)}`, ...lines, ""].join("\n"));
  switch (result.type) {
    case "empty":
      told(["applied=nothing"]);
      return 0;
    case "applied":
      told([
        `applied=clean`,
        `files_changed=${result.files.length}`,
        ...result.files.map(({ path }) => `file=${oneLine(path, 500)}`),
      ]);
      return 0;
    case "conflicts":
      told([`applied=none`, ...result.paths.map((path) => `conflict=${oneLine(path, 500)}`)]);
      writeErr(
        "[ERROR] The patch does not fit the work tree as it is; nothing was touched. Take it by hand: codex_broker patch.\n",
      );
      return 1;
  }
}

function warnOf(missing: readonly string[]): void {
  if (missing.length > 0)
    writeErr(
      `[WARNING] not in the patch, which cannot hold it: ${missing.map((path) => oneLine(path, 200)).join(", ")}\n`,
    );
}
