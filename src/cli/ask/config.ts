import { realpathSync } from "node:fs";
import { SCHEMA_VERSION } from "../../ask/report/result.ts";
import { DEFAULT_NAMES, defaultsFor, projectFile, userFile } from "../command/defaults.ts";
import { currentFolder } from "../edge/folders.ts";
import { writeErr, writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";

/** `ask_codex config`: each default that holds here, and where it comes from. */
export async function config({ json }: { readonly json: boolean }): Promise<number> {
  const here = realpathSync(currentFolder());
  const [found, user, project] = [await defaultsFor(here), userFile(), projectFile(here)];
  const named = DEFAULT_NAMES.flatMap((name) => {
    const one = found[name];
    return one === undefined ? [] : [{ name, ...one }];
  });
  if (json) {
    writeOut(
      `${JSON.stringify({ schema_version: SCHEMA_VERSION, defaults: named, user_file: user, project_file: project })}\n`,
    );
    return 0;
  }
  writeOut(lines(named.map(({ name, value, from }) => [name, `${value} (${from})`])));
  if (named.length === 0) writeErr("[codex] Nothing is set: every default is the program's own.\n");
  writeErr(`[codex] Files: ${[user, project].filter((path) => path !== null).join(", ")}\n`);
  return 0;
}
