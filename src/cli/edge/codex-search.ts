import { homedir } from "node:os";
import type { CodexSearch } from "../../codex/find-codex.ts";
import { ownPackage } from "./own-package.ts";

/** Where this command looks for the user's Codex. */
export function codexSearch(): CodexSearch {
  return {
    command: process.env["ASK_CODEX_COMMAND"],
    path: process.env["PATH"] ?? "",
    home: homedir(),
    ownPackage: ownPackage(process.argv[1] ?? ""),
  };
}
