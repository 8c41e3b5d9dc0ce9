import { runGit } from "./git.ts";
import { fieldsOf, textOf } from "./raw-names.ts";

/** The files of a work tree, tracked or not, without those that git ignores: or just those. */
export async function listFiles(root: string, which: "own" | "ignored"): Promise<readonly string[]> {
  const kinds = which === "own" ? ["--cached", "--others"] : ["--others", "--ignored"];
  const output = await runGit(["ls-files", "-z", ...kinds, "--exclude-standard"], { cwd: root });
  return [...new Set(fieldsOf(output).map(textOf))];
}
