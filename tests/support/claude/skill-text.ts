import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fencesIn } from "../documents/markdown.ts";
import { parseSkill } from "../documents/skill-file.ts";
import { ROOT } from "../paths.ts";
import type { Conversation } from "./conversation.ts";

/** SKILL.md as it was written. */
export const skill = parseSkill(readFileSync(join(ROOT, "SKILL.md"), "utf8"));

/** The text that Claude Code gave to the model when the skill was loaded: where it lies, then the body. */
export function loadedIn({ texts }: Conversation): string {
  const loaded = texts.findLast((text) => text.startsWith("Base directory for this skill: "));
  if (loaded === undefined) throw new Error(`no skill was loaded:\n${texts.join("\n")}`);
  return loaded;
}

/** The first command of a loaded skill that begins so, exactly as it is written there, heredoc and all. */
export function commandIn(conversation: Conversation, beginning: RegExp): string {
  const commands = fencesIn(loadedIn(conversation)).flatMap((text) => text.split(/^(?=")/m));
  const command = commands.find((text) => beginning.test(text));
  if (command === undefined) throw new Error(`the skill shows no command ${beginning}`);
  return command.trimEnd();
}

/** What a command has between `<<'WORD'` and `WORD`. */
export function heredocOf(command: string): string {
  return /<<'(\w+)'\n([\s\S]*)^\1$/m.exec(command)?.[2] ?? "";
}

/** A command as SKILL.md teaches to write it. */
export function commandOf(folder: string, line: string, text: string): string {
  const [program = "", ...args] = line.split(" ");
  return [`"${join(folder, "scripts", program)}" ${args.join(" ")} <<'TASK'`, text, "TASK"].join("\n");
}

/** The `key=value` lines of a command's output, with or without the line numbers of the Read tool. */
export function keysIn(output: string): Readonly<Record<string, string | undefined>> {
  const pairs = output.matchAll(/^(?:\s*\d+\t)?([a-z_]+)=(.*)$/gm);
  return Object.fromEntries([...pairs].map(([, key, value]) => [key, value]));
}
