import type { ListedChanges } from "../../ask/model/evidence.ts";
import { diffTrees, type FileChange } from "../../workspace/git/diff-trees.ts";
import { type PrivateWork, privateGit, treeOfIndex } from "../../workspace/git/private-git.ts";
import { textOf } from "../../workspace/git/raw-names.ts";
import { changedEntries, putEntries } from "../../workspace/git/tree-entries.ts";
import type { Contract } from "../document/handoff.ts";
import { validationCommand } from "../document/validation-command.ts";
import type { ChangedFile, Disturbance, FormerTests, Validation } from "./facts.ts";
import { formerTests } from "./former-tests.ts";
import type { TreePair } from "./ignored-watch.ts";
import { withBefore } from "./passed-before.ts";
import { sameTokens } from "./same-tokens.ts";
import { lookAgain, type SecondLook, type Standing, standing } from "./second-look.ts";
import { runValidation, type ValidationOptions } from "./validation.ts";

/** What came of the validation commands, and of the work while they ran. */
export interface Validated {
  readonly validation: readonly Validation[];
  readonly disturbances: readonly Disturbance[];
  /** The files of the work, as formatters among the commands have left them. */
  readonly files: readonly FileChange[];
  readonly trees: TreePair;
  readonly former: FormerTests | null;
  /** After the last command; null: there was none. */
  readonly standing: Standing | null;
}

interface Known {
  /** What commands came to before the work; grows. */
  readonly known: Map<string, boolean>;
  /** Shell scripts that the commands name. */
  readonly scripts: readonly string[];
}

/**
 * Runs the validation commands. After each of them we look again at everything that must stay as it was, for they run code that Codex wrote.
 * What a formatter did to files of the work belongs to the work from then on.
 */
export async function validateWork(
  { handoff, guardrails }: Pick<Contract, "handoff" | "guardrails">,
  { known, scripts, ...place }: ValidationOptions & Known,
  look: SecondLook,
  { files, trees }: Pick<ListedChanges, "files" | "trees">,
): Promise<Validated> {
  const commands = handoff.validation;
  if (commands.length === 0) return { validation: [], disturbances: [], former: null, files, trees, standing: null };
  const own = new Set(files.map(({ path }) => path));
  const formatted = new Set<string>();
  const disturbances: Disturbance[] = [];
  let now = await standing(look);
  const after = async (command: string) => {
    const again = await lookAgain(look, now, command).catch((error) => {
      // A run that was ended has no verdict, and what was found by then must not be lost over this look.
      if (!place.signal.aborted) throw error;
      return null;
    });
    if (again === null || again.disturbance === null) return;
    const { disturbance } = again;
    now = again.now;
    const layout = disturbance.files.filter((file) => own.has(file.path) && isLayout(file, command));
    for (const { path } of layout) formatted.add(path);
    const others = disturbance.files.filter((file) => !layout.includes(file));
    disturbances.push({ ...disturbance, files: others });
  };
  const ran = await runValidation(commands, place, after);
  const judged = formatted.size === 0 ? { files, trees } : await laidOut(look.work, { files, trees }, now, formatted);
  const former =
    !guardrails.formerTests || place.signal.aborted
      ? null
      : await formerTests(handoff, look.work, { ...judged, validation: ran, scripts }, { place, after });
  const before = { tree: trees.before, unchanged: trees.before === trees.after };
  const validation = await withBefore(ran, look.work, { ...before, known }, { place, after });
  return { validation, disturbances, former, ...judged, standing: now };
}

/** The work with these files as a formatter has left them. */
async function laidOut(
  work: PrivateWork,
  { files, trees }: Pick<ListedChanges, "files" | "trees">,
  now: Standing,
  formatted: ReadonlySet<string>,
): Promise<Pick<ListedChanges, "files" | "trees">> {
  const after = await withFormatted(work, trees.after, now.snapshot.tree, formatted);
  const { filters, tree, folder, signal } = work;
  const all = await diffTrees({ tree, folder }, { tree: trees.before, filters }, { tree: after, filters }, signal);
  const anew = new Map(all.map((file) => [file.path, file]));
  const judged = files.flatMap((file) => (formatted.has(file.path) ? (anew.get(file.path) ?? []) : file));
  return { files: judged, trees: { before: trees.before, after } };
}

function isLayout({ path, kind, before, after }: ChangedFile, command: string): boolean {
  if (kind !== "changed") return false;
  return validationCommand(command).formats || sameTokens(path, before, after);
}

/** The tree of the work with these files, and no others, as they are by now. */
async function withFormatted(
  work: PrivateWork,
  judged: string,
  now: string,
  formatted: ReadonlySet<string>,
): Promise<string> {
  const git = privateGit(work, "index.judged");
  await git(["read-tree", judged]);
  const changes = await changedEntries(git, judged, now, { renames: false });
  const wanted = changes.filter(({ path }) => formatted.has(textOf(path)));
  await putEntries(git, new Map(wanted.map(({ path, after }) => [path, after])));
  return treeOfIndex(git);
}
