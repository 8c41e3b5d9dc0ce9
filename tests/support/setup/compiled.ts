import { execa } from "execa";
import { NODE_PACKAGE } from "../codex.ts";
import { install } from "../machine/install.ts";
import { ROOT } from "../paths.ts";
import { NEWEST, NODES, VERSIONS } from "../versions.ts";

/** Compiles the programs, and fetches the versions of Codex and Node that the tests run them with. */
export async function setup(): Promise<void> {
  const versions = VERSIONS.filter((version) => version !== NEWEST);
  await Promise.all([
    execa("tsx", ["build.ts"], { cwd: ROOT, preferLocal: true, stdin: "ignore" }),
    ...versions.map((version) => install("@openai/codex", version)),
    ...Object.values(NODES).map((version) => install(NODE_PACKAGE, version)),
  ]);
}
