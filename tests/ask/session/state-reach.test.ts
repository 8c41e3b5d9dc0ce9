import { mkdir, realpath, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requirePlace } from "../../../src/ask/session/state-reach.ts";
import { STATE_FOLDERS } from "../../../src/files/state-paths.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";

const ID = "20260101-000000-000-0000000000000000";
const TREES = [
  `state/sessions/${ID}/worktree`,
  "state/worktrees/w",
  "state/fleet/workers/w/run/worktrees/r",
  `elsewhere/${ID}/worktree`,
];

let temp: TempFolder;
let root: string;
beforeAll(async () => {
  temp = await tempFolder();
  root = await realpath(temp.path);
  const kept = STATE_FOLDERS.map((name) => `state/${name}/x`);
  for (const path of ["work", "link", `elsewhere/${ID}/words`, "elsewhere/other", ...TREES, ...kept])
    await mkdir(join(root, path), { recursive: true });
  await symlink(join(root, "state", "sessions"), join(root, "link", "sessions"));
});
afterAll(() => temp[Symbol.asyncDispose]());

/** A turn that may write in `cwd`, in `also` and in `temporary`. */
function turn({ cwd = "work", also, temporary, sessions = "state/sessions" }: Reaching): () => void {
  const at = (path: string) => join(root, path);
  const sandbox = {
    mode: "workspace-write",
    network: false,
    writableRoots: also === undefined ? [] : [at(also)],
  } as const;
  const env = temporary === undefined ? {} : { TMPDIR: at(temporary) };
  return () => requirePlace({ cwd: at(cwd), sandbox }, { state: at("state"), sessions: at(sessions) }, env);
}

interface Reaching {
  readonly cwd?: string;
  readonly also?: string;
  readonly temporary?: string;
  readonly sessions?: string;
}

const IN_REACH: readonly Reaching[] = [
  { cwd: "." },
  { cwd: "state" },
  { also: "link/sessions" },
  { temporary: "state" },
  ...STATE_FOLDERS.flatMap((name) => [{ cwd: `state/${name}` }, { also: `state/${name}` }]),
  ...["threads", "live", "runs", "reviews", "gate", "batches", "landings", "fleet"].map((name) => ({
    also: `state/${name}/x`,
  })),
  { also: `state/sessions/${ID}` },
  { also: `state/sessions/${ID}/words` },
  { also: "state/fleet/workers" },
  { also: "state/fleet/workers/w" },
  { also: "elsewhere", sessions: "elsewhere" },
  { also: `elsewhere/${ID}`, sessions: "elsewhere" },
  { temporary: `elsewhere/${ID}/words`, sessions: "elsewhere" },
  { cwd: "elsewhere", sessions: "elsewhere/below" },
];

test.each(IN_REACH)("what we keep is in the reach of a turn with %j", (reaching) => {
  expect(turn(reaching)).toThrow("could write the state folder");
});

test.each<Reaching>([
  {},
  ...TREES.map((cwd) => ({ cwd, sessions: "elsewhere" })),
  ...TREES.slice(0, 3).map((cwd) => ({ cwd })),
  { cwd: "elsewhere/other", sessions: "elsewhere" },
  { also: `elsewhere/${ID}` },
])("it is not with %j", (reaching) => {
  expect(turn(reaching)).not.toThrow();
});
