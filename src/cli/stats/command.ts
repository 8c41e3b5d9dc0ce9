import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { asRefused, messageOf } from "../../errors.ts";
import { type RunsOfLedger, readRuns } from "../../ledger/read-runs.ts";
import { statsOf } from "../../ledger/stats.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { outputForm, writeErr, writeOut } from "../edge/stdio.ts";
import { paintFor } from "../output/paint.ts";
import { lines } from "../output/value-lines.ts";

export interface StatsFlags {
  readonly since?: Date;
  /** A folder of the project; true: the current one. */
  readonly project?: string | true;
  readonly json: boolean;
  readonly html?: string;
}

/** `ask_codex stats`: what the ledger's runs came to, as text, as JSON or as a page. */
export async function stats({ since, project, json, html }: StatsFlags): Promise<number> {
  const state = stateFolder();
  const ledger = await readRuns(state);
  const { skipped, path } = ledger;
  if (skipped > 0) writeErr(`[WARNING] lines that cannot be read: ${skipped}; they are kept, in ${path}\n`);
  const wanted = {
    since: since ?? null,
    project: project === undefined ? null : await projectAt(project === true ? "." : project),
    html: html === undefined ? null : resolve(currentFolder(), html),
  };
  writeOut(await told({ ...wanted, json }, ledger));
  return 0;
}

interface Wanted {
  readonly since: Date | null;
  /** The root of a project; null: every project. */
  readonly project: string | null;
  readonly json: boolean;
  /** Where the page goes; null: nowhere. */
  readonly html: string | null;
}

async function told({ since, project, json, html }: Wanted, { runs, skipped, path }: RunsOfLedger): Promise<string> {
  const figures = statsOf(runs, { since, project });
  if (html !== null) {
    const { statsPage } = await import("../../ledger/page/page.ts");
    await writePage(html, statsPage(figures, { project, skipped, now: new Date() }));
  }
  if (json) {
    const { statsJson } = await import("./json.ts");
    return `${JSON.stringify(statsJson(figures, { since, project, skipped, ledger: path, html }))}\n`;
  }
  if (html !== null) return lines([["html_path", html]]);
  if (figures.overall.runs === 0) return nothing(runs.count, path);
  const { statsText } = await import("./text.ts");
  const { columns, colours } = outputForm();
  return statsText(figures, columns ?? PLAIN_COLUMNS, paintFor(colours));
}

// No terminal cuts what a file or a pipe gets; the widest table has about that.
const PLAIN_COLUMNS = 160;

function nothing(all: number, path: string): string {
  if (all === 0) return `No run has been counted yet. Each one adds a line to ${path}\n`;
  return `None of the ${all} runs in the ledger is from this time and project.\n`;
}

/** As the ledger has it: the root of the work tree. A folder that is gone may still have runs. */
async function projectAt(folder: string): Promise<string> {
  const asked = resolve(currentFolder(), folder);
  const there = await realpath(asked).catch(() => null);
  if (there === null) return asked;
  const tree = await findWorkTree(there).catch(() => undefined);
  return tree?.root ?? there;
}

async function writePage(path: string, page: string): Promise<void> {
  const [{ outputPlace }, { replaceAt }] = await Promise.all([
    import("../edge/output-place.ts"),
    import("../../files/write-place.ts"),
  ]);
  const place = outputPlace("--html", path, (await findWorkTree(currentFolder()).catch(() => undefined))?.root ?? null);
  try {
    replaceAt(place, page, { folderMode: null });
  } catch (error) {
    throw asRefused(error, `--html cannot be written: ${path} (${messageOf(error).split(",", 1)})`);
  }
}
