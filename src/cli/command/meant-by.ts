import { nearest } from "../../text/nearest.ts";
import { FORWARDED, TAKEN_BACK } from "../edge/sibling.ts";

/** The commands of ask_codex that no other program has. */
const ASK = ["sessions", "report", "models", "config", "batch", "handoff", "review", "route", "stats"] as const;

/** The commands of codex_broker. */
const BROKER = [
  ...["start", "send", "answer", "approve", "deny", "status", "summary", "list", "wait", "logs", "watch"],
  ...["patch", "apply", "stop", "resume", "rename", "forget", "clean", "orchestrate"],
] as const;

const SETUP = Object.keys(TAKEN_BACK);

/** Words of other tools, and what does here what they do there. What is only similar is not meant: "Begin" is near "login". */
const HABITS = { update: "ask-codex install", upgrade: "ask-codex install", login: "codex login" };

interface Known {
  readonly own: Lines;
  /** Of its sister programs. */
  readonly sisters: Lines;
  readonly habits: Lines;
}

type Lines = Readonly<Record<string, string>>;

/** For each program: what must be typed there for each word that is a command somewhere. */
export const COMMAND_LINES: Readonly<Record<string, Known>> = {
  ask_codex: {
    own: lines("ask_codex", ["help", ...ASK, ...SETUP]),
    sisters: { ...lines("codex_broker", BROKER), ...lines("ask-codex", ["run", "session"]) },
    habits: { ...HABITS, version: "ask_codex --version", ls: "ask_codex sessions" },
  },
  codex_broker: {
    own: lines("codex_broker", ["help", ...BROKER]),
    sisters: { ...lines("ask_codex", ASK), ...lines("ask-codex", [...SETUP, "run", "session"]) },
    habits: { ...HABITS, version: "codex_broker --version", ls: "codex_broker list", sessions: "codex_broker list" },
  },
  "ask-codex": {
    own: lines("ask-codex", ["help", ...SETUP, ...Object.keys(FORWARDED)]),
    sisters: lines("ask-codex session", BROKER),
    habits: { ...HABITS, version: "ask-codex --version", ls: "ask-codex sessions" },
  },
};

/**
 * The command lines that a word may have been meant for in a program, the likeliest first: a command of another program as it is written,
 * before a command of its own that is only similar. `known`: the commands of a program that has no sisters.
 */
export function meantBy(word: string, title: string, known: readonly string[]): readonly string[] {
  const { own, sisters, habits } = COMMAND_LINES[title] ?? { own: lines(title, known), sisters: {}, habits: {} };
  const exact = { ...sisters, ...habits };
  if (Object.hasOwn(exact, word)) return [exact[word] ?? ""];
  const meant = nearest(word, Object.keys(own)).map((name) => own[name] ?? "");
  return meant.length > 0 ? meant : nearest(word, Object.keys(sisters)).map((name) => sisters[name] ?? "");
}

function lines(program: string, names: readonly string[]): Lines {
  return Object.fromEntries(names.map((name) => [name, `${program} ${name}`]));
}
