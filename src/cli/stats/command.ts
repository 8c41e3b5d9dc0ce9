import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { styleText } from "node:util";
import { messageOf, UsageError } from "../../errors.ts";
import { type Ledger, readLedger } from "../../ledger/ledger.ts";
import { statsOf } from "../../ledger/stats.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { outliveReaders, printAtOnce } from "../edge/stdio.ts";
import type { Paint } from "../output/styled-text.ts";
import { lines } from "../output/value-lines.ts";
import { parseStats, type StatsFlags } from "./flags.ts";

/** `ask_codex stats`: what the ledger's runs came to, as text, as JSON or as a page. */
export async function stats(argv: readonly string[]): Promise<number> {
  const now = new Date();
  const parsed = parseStats(argv, now);
  if ("text" in parsed) {
    printAtOnce(parsed.text);
    return 0;
  }
  outliveReaders();
  const ledger = await readLedger(stateFolder());
  const { skipped, path } = ledger;
  if (skipped > 0) process.stderr.write(`[WARNING] lines that cannot be read: ${skipped}; they are kept, in ${path}\n`);
  process.stdout.write(await told(parsed, ledger, now));
  return 0;
}

async function told(flags: StatsFlags, { entries, skipped, path }: Ledger, now: Date): Promise<string> {
  const project = flags.project === null ? null : await projectAt(flags.project);
  const { since } = flags;
  const figures = statsOf(entries, { since, project });
  const html = flags.html === null ? null : resolve(currentFolder(), flags.html);
  if (html !== null) {
    const { statsPage } = await import("../../ledger/page/page.ts");
    await writePage(html, statsPage(figures, { project, skipped, now }));
  }
  if (flags.json) {
    const { statsJson } = await import("./json.ts");
    return `${JSON.stringify(statsJson(figures, { since, project, skipped, ledger: path, html }))}\n`;
  }
  if (html !== null) return lines([["html_path", html]]);
  if (figures.overall.runs === 0) return nothing(entries.length, path);
  const { statsText } = await import("./text.ts");
  return statsText(figures, process.stdout.columns || PLAIN_COLUMNS, paint());
}

// No terminal cuts what a file or a pipe gets; the widest table has about that.
const PLAIN_COLUMNS = 160;

function nothing(all: number, path: string): string {
  if (all === 0) return `No run has been counted yet. Each one adds a line to ${path}\n`;
  return `None of the ${all} runs in the ledger is from this time and project.\n`;
}

function paint(): Paint {
  if (!process.stdout.isTTY || process.env["NO_COLOR"] || process.env["TERM"] === "dumb") return (_, text) => text;
  return (look, text) => styleText(look, text, { validateStream: false });
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
  const [{ realPlace }, { replaceAt }] = await Promise.all([
    import("../../files/real-place.ts"),
    import("../../files/write-place.ts"),
  ]);
  try {
    replaceAt(realPlace(path, (await findWorkTree(currentFolder()).catch(() => undefined))?.root ?? null), page, {
      folderMode: null,
    });
  } catch (error) {
    throw new UsageError(
      `--html cannot be written: ${path} (${messageOf(error).split(",", 1)})`,
      "See ask_codex stats --help.",
    );
  }
}
