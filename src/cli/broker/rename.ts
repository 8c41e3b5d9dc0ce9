import { renameSession } from "../../broker/command/rename-session.ts";
import { namesake } from "../../broker/store/find-session.ts";
import { UsageError } from "../../errors.ts";
import { sameTreeAs } from "../../workspace/git/same-tree.ts";
import { sessionName } from "../command/flag-values.ts";
import { sessionFrom } from "../command/session-place.ts";
import { rootFolder, stateFolder } from "../edge/folders.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";
import { tellRecovered } from "./status.ts";

/** `codex_broker rename`: gives a session another name. One word alone is the name, for the one session of the work tree. */
export async function rename(first: string | undefined, second: string | undefined): Promise<number> {
  refuseInside("codex_broker");
  const [id, said] = second === undefined ? [undefined, first] : [first, second];
  if (said === undefined || (second === undefined && said.startsWith("@")))
    throw new UsageError("rename requires a new name.", "codex_broker rename @parser lexer");
  const name = sessionName(said, said);
  const folder = await sessionFrom("rename", id);
  const renamed = await renameSession(folder, name, {
    state: stateFolder(),
    isTaken: (startedIn) => namesake(rootFolder(), name, { inTree: sameTreeAs(startedIn), but: folder }),
  });
  if (renamed.recovered) tellRecovered(folder);
  writeOut(
    lines([
      ["broker_id", renamed.brokerId],
      ["name", name],
      ["previous_name", renamed.before],
    ]),
  );
  return 0;
}
