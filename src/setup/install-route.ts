import { existsSync } from "node:fs";
import { join } from "node:path";
import { shellQuoted } from "../text/quote.ts";
import { MANIFEST } from "./manifest.ts";

/** How this copy of the package came to be where it is. */
export interface InstallRoute {
  readonly type: "clone" | "global" | "plugin" | "skill" | "release";
  /** The package's own folder. */
  readonly folder: string;
}

/** Tells the route by what lies in the package's folder, and around it. */
export function routeOf(folder: string): InstallRoute {
  const has = (name: string) => existsSync(join(folder, name));
  if (has(MANIFEST)) return { type: "skill", folder };
  if (has("build.ts")) return { type: "clone", folder };
  // Copied there by hand, a release or a plugin is the skill itself.
  if (/\/skills\/ask-codex$/.test(folder)) return { type: "skill", folder };
  if (!has("package.json") && has(".claude-plugin/plugin.json")) return { type: "plugin", folder };
  return { type: /\/node_modules\/ask-codex$/.test(folder) ? "global" : "release", folder };
}

/** What to type so that the skill is installed by the same route, with these flags of `install`. */
export function installCommand({ type, folder }: InstallRoute, flags = ""): string {
  const words = flags === "" ? "" : ` ${flags}`;
  switch (type) {
    case "clone":
      return `cd ${shellQuoted(folder)} && npm ci && npm run install-skill${words === "" ? "" : ` --${words}`}`;
    case "global":
      return `ask-codex install${words}`;
    case "plugin":
      return "claude plugin update ask-codex@ask-codex";
    case "skill":
      return `ask-codex install${words}, of the clone or package it came from`;
    case "release":
      return ownInstall(folder, words);
  }
}

/** The same for what an installed copy can do by itself: whatever needs no newer files. */
export function settingsCommand(route: InstallRoute, flags: string): string {
  return route.type === "skill" ? ownInstall(route.folder, ` ${flags}`) : installCommand(route, flags);
}

function ownInstall(folder: string, words: string): string {
  return `${shellQuoted(join(folder, "scripts", "ask-codex"))} install${words}`;
}
