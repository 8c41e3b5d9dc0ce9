import { oneAtATime } from "../../bounds/one-at-a-time.ts";
import { AskCodexError, messageOf } from "../../errors.ts";
import { readPlainBytes, readPlainFrom } from "../../files/read-plain.ts";
import type { Shelf } from "../engine/engine.ts";
import { seal, unseal } from "../seal/envelope.ts";
import type { QueueKey } from "../seal/queue-key.ts";

interface CopyOptions {
  readonly shelf: Shelf;
  readonly key: QueueKey;
  readonly batch: string;
}

/** The coordinator's journal, and the patches that it speaks of, on the queue: another machine can go on with them. */
export interface JournalCopy {
  /** Copies what the journal has gained, behind a patch that a new line may speak of. Never rejects: the journal itself is the truth. */
  update(patch: { readonly runId: string; readonly path: string } | null): void;
  /** Resolves when all that was asked for so far has been tried. */
  settled(): Promise<void>;
}

const JOURNAL = "journal";

interface CopyingOptions extends CopyOptions {
  /** Told once, with the reason, when the copy has fallen behind. What failed is tried again with the next line. */
  readonly onLost: (why: string) => void;
}

/** Goes on with a copy that is the beginning of this journal; any other is replaced. */
export async function copyJournal(path: string, options: CopyingOptions): Promise<JournalCopy> {
  const { shelf, key, batch, onLost } = options;
  const inTurn = oneAtATime();
  let copied = await alreadyCopied(path, options);
  let last: Promise<void> = Promise.resolve();
  let lost = false;
  const patches = new Map<string, string>();
  const work = async () => {
    for (const [runId, file] of patches) {
      const sealed = seal(key, { kind: "patch", batch, of: runId }, readPlainBytes(file));
      await shelf.put(batch, `patch-${runId}`, sealed);
      patches.delete(runId);
    }
    const bytes = Buffer.from(readPlainFrom(path, copied));
    if (bytes.length === 0) return;
    await shelf.append(batch, JOURNAL, seal(key, { kind: JOURNAL, batch, of: `${copied}` }, bytes));
    copied += bytes.length;
  };
  return {
    update(patch) {
      if (patch !== null) patches.set(patch.runId, patch.path);
      last = inTurn(work).catch((error) => {
        if (!lost) onLost(messageOf(error));
        lost = true;
      });
    },
    settled: () => last,
  };
}

async function alreadyCopied(path: string, options: CopyOptions): Promise<number> {
  const copy = await copiedJournal(options);
  if (copy === null) return 0;
  const bytes = Buffer.from(copy);
  if (readPlainBytes(path).subarray(0, bytes.length).equals(bytes)) return bytes.length;
  await options.shelf.drop(options.batch, JOURNAL);
  return 0;
}

/**
 * The journal of a batch as far as it was copied; null: there is no copy.
 * @throws NotSealed when a part is not, or is missing in between
 */
export async function copiedJournal({ shelf, key, batch }: CopyOptions): Promise<string | null> {
  const parts = await shelf.list(batch, JOURNAL);
  if (parts.length === 0) return null;
  let text = Buffer.alloc(0);
  // Each is sealed for the byte that it begins at: none can be left out or put elsewhere.
  for (const part of parts)
    text = Buffer.concat([text, unseal(key, { kind: JOURNAL, batch, of: `${text.length}` }, part)]);
  return text.toString("utf8");
}

export async function copiedPatch({ shelf, key, batch }: CopyOptions, runId: string): Promise<Buffer> {
  const sealed = await shelf.get(batch, `patch-${runId}`);
  if (sealed === null) throw new AskCodexError("queue", `the patch of the run ${runId} is no longer on the queue`);
  return unseal(key, { kind: "patch", batch, of: runId }, sealed);
}
