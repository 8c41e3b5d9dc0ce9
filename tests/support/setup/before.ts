import { execa } from "execa";
import { ROOT } from "../paths.ts";
import { setup as fetchClaude } from "./claude.ts";
import { fetchPrograms } from "./compiled.ts";

// `npm test` begins with this: lint and types beside the downloads, which wait for the network most of the time.
const fetching = Promise.all([fetchPrograms(), fetchClaude()]);
// What is wrong with the code is told first.
fetching.catch(() => undefined);
const passed = await Promise.all(["lint", "typecheck"].map(check));
process.exitCode = passed.includes(false) ? 1 : 0;
await fetching;

async function check(script: string): Promise<boolean> {
  const options = { cwd: ROOT, all: true, reject: false, stdin: "ignore" } as const;
  const { exitCode, all } = await execa("npm", ["run", "--silent", script], options);
  process.stdout.write(`${script}: ${exitCode === 0 ? "passed" : "failed"}\n${all}\n`);
  return exitCode === 0;
}
