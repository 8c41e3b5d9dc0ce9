import type { ThreadRecord } from "../../ask/model/thread-record.ts";
import { ago } from "../../text/words.ts";
import { columnsText, shortened } from "../output/columns.ts";
import type { PersonsForm } from "../output/persons-form.ts";
import { markOf, shortThread } from "../output/short-ids.ts";
import { piece, safe } from "../output/styled-text.ts";

/** Sessions in aligned columns, for a terminal; `all`: also where each one works. Pure. */
export function sessionsForEyes(
  listed: readonly ThreadRecord[],
  { all, now, ...form }: PersonsForm & { readonly all: boolean; readonly now: number },
): string {
  const rows = listed.map(({ thread_id, name, last_status, updated_at, title, workspace }) => {
    const [mark, look] = markOf(last_status);
    return [
      piece(mark, look),
      piece(shortThread(thread_id), "bold"),
      piece(name === null ? "" : safe(`@${name}`)),
      piece(safe(last_status.replaceAll("_", " ")), look),
      piece(ago(now - Date.parse(updated_at)), "dim"),
      ...(all ? [piece(safe(workspace), "dim")] : []),
      piece(safe(title)),
    ];
  });
  return columnsText(["", "SESSION", "NAME", "STATUS", "LAST USE", ...(all ? ["WORKSPACE"] : []), "TASK"], rows, {
    ...form,
    narrow: { whole: 3, give: [{ at: 2, to: shortened }] },
  });
}
