import type { CodexSearch } from "../../codex/find-codex.ts";
import { homeFolder } from "./home.ts";
import { ownPackage } from "./own-package.ts";

/** Where this command looks for the user's Codex. */
export function codexSearch(): CodexSearch {
  return {
    command: process.env["ASK_CODEX_COMMAND"],
    path: process.env["PATH"] ?? "",
    home: homeFolder(),
    ownPackage: ownPackage(),
  };
}
