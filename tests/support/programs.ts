import { join } from "node:path";
import { ROOT } from "./paths.ts";

// What a test file that reaches this module needs first is in setup/compiled.ts.

/** The compiled `ask_codex`: what end-to-end tests run. */
export const PROGRAM = join(ROOT, "scripts", "ask_codex");

/** The compiled `codex_broker`. */
export const BROKER = join(ROOT, "scripts", "codex_broker");

/** The compiled `ask-codex`, which installs the skill. */
export const SETUP = join(ROOT, "scripts", "ask-codex");
