import { join, normalize } from "node:path";
import { readPlainOr } from "../../files/read-plain.ts";
import { validationCommand } from "../document/validation-command.ts";

/**
 * The paths, from the root, of what validation commands go through: files that they name, scripts of package.json, and the programs
 * that these start from node_modules/.bin, which comes first there. Whether anything is at a path is not asked.
 */
export function commandFiles(root: string, commands: readonly string[]): readonly string[] {
  const scripts = scriptsOf(root);
  const textOf = (name: string) => readPlainOr(join(root, name), "", { follow: true });
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
    for (const [runner, names] of TASK_FILES) {
      if (!runner.test(line)) continue;
      // All of its tasks: which of them one leads to is the runner's own business.
      for (const name of names) for (const task of textOf(name).split("\n")) follow(task.replace(/^\s*[@+-]+/, ""));
    }
  };
  for (const command of commands) follow(validationCommand(command).command);
  return [...paths];
}

/** Who runs tasks, and where they stand. */
const TASK_FILES: readonly (readonly [runner: RegExp, names: readonly string[]])[] = [
  [/(?:^|[\s;&|(])g?make\b/, ["GNUmakefile", "makefile", "Makefile"]],
  [/(?:^|[\s;&|(])just\b/, ["justfile", "Justfile", ".justfile"]],
  [/(?:^|[\s;&|(])task\b/, ["Taskfile.yml", "Taskfile.yaml"]],
  [/\bdeno\s+(?:run\s+)?task\b/, ["deno.json", "deno.jsonc"]],
  [/\bcomposer\b/, ["composer.json"]],
  [/\brake\b/, ["Rakefile"]],
  [/\b(?:tox|nox)\b/, ["tox.ini", "noxfile.py"]],
  [/\bmise\b/, ["mise.toml", ".mise.toml"]],
];

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
