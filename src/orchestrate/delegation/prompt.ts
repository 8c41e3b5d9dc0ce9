import type { Contract } from "../../handoff/document/handoff.ts";
import { validationCommand } from "../../handoff/document/validation-command.ts";
import type { TaskKind } from "../request/kind.ts";

export interface PromptOptions {
  readonly contract: Contract;
  readonly kind: TaskKind;
  /** Commands that the executor may run. */
  readonly trusted: ReadonlySet<string>;
  /** The task was worked on before in the same conversation. */
  readonly again: boolean;
  /** Files in which that work did not merge; none: it is in the tree. */
  readonly conflict: readonly string[];
}

/** The instructions for the executor: the same request gives the same text. */
export function promptFor({ contract, kind, trusted, again, conflict }: PromptOptions): string {
  const { handoff, guardrails, rules, lessons } = contract;
  const { scope, expectFiles } = handoff;
  const commands = handoff.validation.map((written) => validationCommand(written).command);
  const runnable = commands.filter((command) => trusted.has(command));
  const changes = kind === "change";
  const parts = [
    `Task ${handoff.taskId} (${handoff.type}).${again ? ` ${AGAIN}` : ""}`,
    section(conflict.length === 0 ? "" : CONFLICT, points(conflict)),
    section(
      "Requirements:",
      handoff.tasks.map(({ text }, at) => `${at + 1}. ${text}`),
    ),
    section("Read these first:", points(handoff.read)),
    changes ? section("Change only these files (with lines: only those lines):", points(scope.files)) : CHANGE_NOTHING,
    section("These files must exist when you are done:", points(expectFiles)),
    changes ? `At most ${guardrails.maxFiles} files may change. Delete or skip no test.` : "",
    section("Keep these interfaces as they are:", points(handoff.interfaces)),
    section("Constraints:", points([...handoff.constraints, ...rules])),
    changes ? section("Success criteria:", points(handoff.criteria.map(({ text }) => text))) : "",
    section("You may run these commands, exactly as they are:", points(runnable)),
    changes
      ? section(
          "These are run afterwards, and not by you:",
          points(commands.filter((command) => !trusted.has(command))),
        )
      : "",
    section("Learned from earlier work:", points(lessons)),
    changes ? CLOSING : LOOK_CLOSING,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const AGAIN = "You have worked on it before; what follows is what it is now.";
const CONFLICT =
  "What you did did not merge with what others did meanwhile. You are now in a tree that has their work and nothing of yours: do the task again on top of it, and keep what they did. These files did not merge:";
const CHANGE_NOTHING = "Change nothing: what you find out is the result.";

const STATUS = `with notes of at most 300 words. Where no such tool is offered, end with one line that is one of:
DONE
BLOCKED: <reason>
PARTIAL: <what remains>`;

const CLOSING = `Do not commit, and do nothing beside the task. What you are denied is out of bounds: report it instead of going around it. Your work is checked by a program afterwards.

Close with the status DONE, BLOCKED or PARTIAL, ${STATUS}`;

const LOOK_CLOSING = `Close with the status DONE, BLOCKED or PARTIAL, ${STATUS}`;

function section(head: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [head, ...lines].join("\n");
}

function points(texts: readonly string[]): readonly string[] {
  return texts.map((text) => `- ${text.replaceAll("\n", "\n  ")}`);
}
