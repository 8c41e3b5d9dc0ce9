import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execaSync } from "execa";
import { onTestFinished } from "vitest";
import { findWorkTree, type WorkTree } from "../../../src/workspace/git/find-work-tree.ts";
import { compareSnapshots, type WorkTreeChanges } from "../../../src/workspace/snapshot/compare.ts";
import { type Snapshot, takeSnapshot } from "../../../src/workspace/snapshot/snapshot.ts";
import { copyOf } from "../setup/templates.ts";
import { addUsualFolders, NO_UPKEEP } from "./git.ts";

// The developer's own configuration stays out of both our git and the program's.
const emptyHome = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
Object.assign(process.env, emptyHome);

export interface Repository {
  readonly root: string;
  git(...command: string[]): string;
  write(path: string, content: string | Uint8Array): void;
  remove(path: string): void;
}

/** A folder that is gone after the test. */
export function scratchFolder(name = "folder"): string {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "ask-codex-workspace-")));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  mkdirSync(join(parent, name));
  return join(parent, name);
}

/** A repository without commits. */
export function emptyRepository(root = scratchFolder("repository"), ...options: string[]): Repository {
  copyOf(`empty ${options.join(" ")}`, root, (template) => {
    const { git } = repositoryAt(template);
    git("init", "--quiet", "--initial-branch=main", "--template=", ...options);
    git("config", "user.name", "Test");
    git("config", "user.email", "test@example.org");
    // A bare one is its own git folder.
    addUsualFolders(options.includes("--bare") ? template : join(template, ".git"));
  });
  return repositoryAt(root);
}

export function repositoryAt(root: string): Repository {
  return {
    root,
    git: (...command) => execaSync("git", command, { cwd: root, extendEnv: true }).stdout,
    write(path, content) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    remove: (path) => rmSync(join(root, path), { recursive: true }),
  };
}

/** A repository with one commit of these files. */
export function committed(files: Record<string, string>, root?: string): Repository {
  const repository = emptyRepository(root);
  for (const [path, content] of Object.entries(files)) repository.write(path, content);
  repository.git("add", "--all");
  repository.git(...NO_UPKEEP, "commit", "--quiet", "--allow-empty", "--message=first");
  return repository;
}

export async function workTreeOf(folder: string): Promise<WorkTree> {
  const tree = await findWorkTree(folder);
  if (tree === undefined) throw new Error(`no work tree at ${folder}`);
  return tree;
}

export interface Observed extends WorkTreeChanges {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** The private folder of the snapshots. */
  readonly folder: string;
  readonly tree: WorkTree;
  /** `kind path +added -removed`, a question mark for null. */
  readonly lines: readonly string[];
}

/** What the snapshots say about an edit. */
export async function observe(repository: Repository, edit: () => unknown): Promise<Observed> {
  const folder = scratchFolder("run");
  const tree = await workTreeOf(repository.root);
  const before = await takeSnapshot(tree, folder);
  await edit();
  const after = await takeSnapshot(tree, folder);
  const changes = await compareSnapshots({ tree, folder }, before, after);
  const lines = changes.files.map(({ kind, path, from, added, removed }) => {
    const name = from === undefined ? path : `${from} -> ${path}`;
    return `${kind} ${name} +${added ?? "?"} -${removed ?? "?"}`;
  });
  return { ...changes, before, after, folder, tree, lines };
}
