import { execa } from "execa";
import { onTestFinished } from "vitest";
import { ROOT } from "../support/paths.ts";

/** Starts a demo as npm does. */
export function startDemo(name: "demo" | "orchestrate") {
  const demo = execa("node", ["--import", "tsx", `tests/demo/${name}.ts`], {
    cwd: ROOT,
    stdin: "ignore",
    all: true,
    reject: false,
  });
  onTestFinished(() => void demo.kill());
  return demo;
}

/** The folder of the demo's world, as its first command names it. */
export function folderIn(output: string): string {
  const folder = /^ {2}\$ cd "(.*)\/work space"$/m.exec(output)?.[1];
  if (folder === undefined) throw new Error(`the demo has named no workspace:\n${output}`);
  return folder;
}
