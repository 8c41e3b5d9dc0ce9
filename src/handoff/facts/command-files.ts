import { join, normalize } from "node:path";
import { readPlainOr } from "../../files/read-plain.ts";
import { validationCommand } from "../document/validation-command.ts";

/**
 * The paths, from the root, of what validation commands go through: files that they name, scripts of package.json, and the programs
 * that these start from node_modules/.bin, which comes first there. Whether anything is at a path is not asked.
 */
export function commandFiles(root: string, commands: readonly string[]): readonly string[] {
  const scripts = scriptsOf(root);
  const seen = new Set<string>();
  const paths = new Set<string>();
  const follow = (line: string) => {
    if (seen.has(line)) return;
    seen.add(line);
    for (const word of line.split(/[\s;&|()<>"'`=]+/)) {
      if (word === "" || word.startsWith("-") || /[*?$]/.test(word)) continue;
      const path = normalize(word);
      if (!path.startsWith("/") && !path.startsWith("..")) paths.add(path.replace(/\/$/, ""));
      if (!word.includes("/")) paths.add(join("node_modules/.bin", word));
      for (const name of [word, `pre${word}`, `post${word}`]) {
        const script = RUNS_SCRIPTS.test(line) ? scripts.get(name) : undefined;
        if (script !== undefined) follow(script);
      }
    }
  };
  for (const command of commands) follow(validationCommand(command).command);
  return [...paths];
}

const RUNS_SCRIPTS = /\b(?:npm|pnpm|yarn|bun|npx|run-s|run-p|npm-run-all)\b/;

/** Whether a file is a program of the shell. */
export function isShellScript(path: string, text: string | null): boolean {
  return /\.(?:sh|bash)$/.test(path) || /^#!.*\b(?:ba|da|z|k)?sh\b/.test(text ?? "");
}

function scriptsOf(root: string): ReadonlyMap<string, string> {
  try {
    const manifest: unknown = JSON.parse(readPlainOr(join(root, "package.json"), "{}", { follow: true }));
    const scripts = typeof manifest === "object" && manifest !== null && "scripts" in manifest ? manifest.scripts : {};
    return new Map(
      Object.entries(scripts ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch {
    return new Map();
  }
}
