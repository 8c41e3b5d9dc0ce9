import { execa } from "execa";
import { install } from "../machine/install.ts";
import { NODE_PACKAGE } from "../machine/nodes.ts";
import { ROOT } from "../paths.ts";
import { NEWEST, NODES, VERSIONS } from "../versions.ts";
import { SUITE } from "./suites.ts";

/** Compiles the programs, and fetches what the tests of this suite run them with. */
export async function setup(): Promise<void> {
  await Promise.all([execa("tsx", ["build.ts"], { cwd: ROOT, preferLocal: true, stdin: "ignore" }), fetchPrograms()]);
}

/** Fetches the versions of Codex and Node that the tests of this suite need. */
export async function fetchPrograms(): Promise<void> {
  const versions = VERSIONS.filter((version) => version !== NEWEST);
  const nodes = SUITE === "matrix" ? Object.values(NODES) : [];
  await Promise.all([
    ...versions.map((version) => install("@openai/codex", version)),
    ...nodes.map((version) => install(NODE_PACKAGE, version)),
  ]);
}
