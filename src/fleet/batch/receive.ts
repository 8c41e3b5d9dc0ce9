import { AskCodexError } from "../../errors.ts";
import { runGit } from "../../workspace/git/git.ts";
import { unpackInto } from "../../workspace/travel/unpack.ts";
import type { Shelf } from "../engine/engine.ts";
import { unseal } from "../seal/envelope.ts";
import type { QueueKey } from "../seal/queue-key.ts";
import type { Offer } from "../wire/offer.ts";

interface Received {
  readonly shelf: Shelf;
  readonly key: QueueKey;
  /** The worker's own; null: it has none. */
  readonly remote: string | null;
  readonly signal: AbortSignal;
}

/** Makes a repository in `folder`, which must be empty, with the files that an offer begins with checked out. */
export async function receiveFiles(folder: string, { batch, files }: Offer, received: Received): Promise<void> {
  const { shelf, key, remote, signal } = received;
  if (files.remote !== null) {
    if (remote === null)
      throw new AskCodexError("config", "the files come from a git remote, and this worker has none");
    await fetchFrom(remote, folder, files.remote, signal);
  }
  for (const commit of files.parcels) {
    const sealed = await shelf.get(batch, commit);
    if (sealed === null) throw new AskCodexError("queue", `the files of ${commit} are no longer on the queue`);
    await unpackInto(folder, { commit, bundle: unseal(key, { kind: "files", batch, of: commit }, sealed) }, signal);
  }
}

/** The address is the worker's own, so git may use the network for it, and its credentials. */
async function fetchFrom(remote: string, folder: string, commit: string, signal: AbortSignal): Promise<void> {
  const env = { GIT_ALLOW_PROTOCOL: "file:git:http:https:ssh" };
  const git = (...command: string[]) => runGit(command, { cwd: folder, env, signal });
  await git("init", "--quiet", "--template=");
  await git("fetch", "--quiet", "--depth=1", "--no-tags", remote, commit);
  await git("checkout", "--quiet", "--detach", commit);
}
