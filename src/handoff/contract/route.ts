import type { Delegation } from "./policy.ts";

/** Who should do a task, the pattern that decided, and why in a sentence. */
export interface Route {
  readonly route: "codex" | "claude" | "ask";
  /** How, where a pattern says so: Codex leads what goes across files, if the user wants that. */
  readonly mode: "orchestrate" | null;
  /** Null: no single one decided. */
  readonly pattern: string | null;
  readonly why: string;
}

/** Holds a task against the patterns of work that always go to one side. A task that fits both or neither is for people to decide. */
export function routeFor(task: string, { precise, orchestration }: Delegation): Route {
  const claude = precise.find((pattern) => fits(pattern, task));
  const codex = orchestration.find((pattern) => fits(pattern, task));
  if (claude !== undefined && codex !== undefined)
    return ask(`It fits a pattern of either side: ${claude} (claude) and ${codex} (codex).`);
  if (claude !== undefined)
    return {
      route: "claude",
      mode: null,
      pattern: claude,
      why: `${claude} is a pattern of precise work, which goes to Claude.`,
    };
  if (codex !== undefined) return { route: "codex", mode: "orchestrate", pattern: codex, why: `${codex} is ${ACROSS}` };
  return ask("No pattern fits it.");
}

const ACROSS = "a pattern of work across files, which goes to Codex: in one task, or by codex_broker orchestrate.";

function ask(why: string): Route {
  return { route: "ask", mode: null, pattern: null, why };
}

/** Its words are in the task as whole words, in this order; others may stand between them. */
function fits(pattern: string, task: string): boolean {
  const wanted = wordsIn(pattern);
  let found = 0;
  for (const word of wordsIn(task)) if (word === wanted[found]) found++;
  return wanted.length > 0 && found === wanted.length;
}

function wordsIn(text: string): readonly string[] {
  return (
    text
      .normalize("NFC")
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}_]+/gu) ?? []
  );
}
