import { expect, test } from "vitest";
import { STATE_FOLDERS } from "../../src/files/state-paths.ts";
import { modulesIn } from "../support/documents/source-files.ts";

/**
 * Files are opened by src/files alone: it waits for no pipe, follows no link that another process put there, and reads no more than it
 * can hold. What does it by itself all the same, and why that is safe.
 */
const OTHERS: Readonly<Record<string, string>> = {
  "src/process/table.ts": "/proc",
  "src/process/our-processes.ts": "/proc",
  "src/process/end-processes.ts": "/proc",
  "src/process/hold.ts": "a mark that is made exclusively",
  "src/process/liveness.ts": "a session folder, as the way to its socket",
  "src/batch/place/prepare.ts": "copies in a fresh worktree, at a place that no link leads out of",
  "src/workspace/travel/pack.ts": "a folder of the run's own",
  "src/workspace/travel/unpack.ts": "an empty folder, made for it",
  "src/broker/store/enqueue.ts": "a file of a random name, made exclusively and synced",
  "src/workspace/git/private-index.ts": "a folder of the run's own",
  "src/workspace/git/private-git.ts": "a folder of the run's own",
  "src/workspace/snapshot/record-files.ts": "a folder of the run's own",
  "src/workspace/snapshot/tree-with.ts": "a folder of the run's own",
  "src/workspace/write/keep-files.ts": "exclusive copies, after every link on the way was looked for",
  "src/workspace/write/merge-changes.ts": "a folder of the run's own",
  "src/cli/edge/text-input.ts": "the prompt that the caller names: a pipe is meant",
  "src/setup/install-skill.ts": "a fresh folder, made exclusively",
  "src/setup/workshop.ts": "a fresh folder, made exclusively",
  "src/setup/skill-package.ts": "this package",
  "src/setup/installed-skill.ts": "each file is looked at first",
  "src/setup/settings-file.ts": "Claude Code's settings, read where it reads them",
  "src/setup/hand-copy.ts": "each file is looked at first",
};

const OPENING =
  /\b(readFile|readFileSync|open|openSync|createReadStream|createWriteStream|writeFile|writeFileSync|appendFile|appendFileSync|copyFile|copyFileSync|cp|cpSync)\b/;

test("only src/files opens files, but for those that say why", () => {
  const opening = modulesIn("src").flatMap(({ path, text }) => {
    const names = [...text.matchAll(/^import \{([^}]*)\} from "(?:node:)?fs(?:\/promises)?";/gm)].map(([, all]) => all);
    return !path.startsWith("src/files/") && names.some((all) => OPENING.test(all ?? "")) ? [path] : [];
  });
  expect(opening.sort()).toEqual(Object.keys(OTHERS).sort());
});

test("every child is started by src/process/start-child.ts, which knows a machine that has no room for one", () => {
  const starting = modulesIn("src").filter(({ text }) =>
    /import \{[^}]*\b(?:spawn|spawnSync|fork|exec)\b[^}]*\} from "(?:node:)?child_process"/.test(text),
  );
  expect(starting.map(({ path }) => path)).toEqual(["src/process/start-child.ts"]);
});

test("node:fs is imported by name, so that it can be seen who opens files", () => {
  const whole = modulesIn("src").filter(({ text }) =>
    /import \* as \w+ from "(node:)?fs|import\("(node:)?fs|require\("(node:)?fs/.test(text),
  );
  expect(whole.map(({ path }) => path)).toEqual([]);
});

test("every folder that is made in the state folder is known as one: it is checked, and kept out of a turn's reach", () => {
  const named = modulesIn("src").flatMap(({ text }) =>
    [...text.matchAll(/join\((?:state|stateFolder\(\)), "([^".]+)"/g)].map(([, name = ""]) => name),
  );
  expect([...new Set(named)].sort()).toEqual([...STATE_FOLDERS].sort());
});
