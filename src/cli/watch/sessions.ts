import { existsSync, type FSWatcher, lstatSync, watch } from "node:fs";
import { sessionFolders, unbegunFolders } from "../../broker/store/session-paths.ts";
import type { StateFile } from "../../broker/store/state-file.ts";
import { type Watched, watchSession } from "./session.ts";

export interface WatchOptions {
  readonly root: string;
  /** These; null: all that there are and that come. */
  readonly folders: readonly string[] | null;
  readonly wanted: (state: StateFile) => Promise<boolean>;
}

/** The sessions that are watched, each as it was last seen. */
export class WatchedSessions {
  readonly #options: WatchOptions;
  readonly #changed: () => void;
  readonly #followed = new Map<string, AbortController>();
  readonly #seen = new Map<string, Watched>();
  /** Not looked at yet. */
  readonly #awaited = new Set<string>();
  #rootWatch: FSWatcher | null = null;
  #listed = false;
  #stopped = false;

  constructor(options: WatchOptions, changed: () => void) {
    this.#options = options;
    this.#changed = changed;
  }

  /** Begins to follow; `changed` is called whenever there is something new to see. */
  async start(): Promise<void> {
    const { root, folders } = this.#options;
    this.#rootWatch = watch(root, () => {
      // What cannot be read for a moment has not changed.
      foldersIn(root).then(this.#list, () => {});
    });
    this.#rootWatch.on("error", () => {});
    this.#list(folders ?? (await foldersIn(root)));
    this.#listed = true;
    this.#changed();
  }

  /** Every one that there was at the start has been looked at. */
  get complete(): boolean {
    return this.#listed && this.#awaited.size === 0;
  }

  all(): readonly Watched[] {
    return [...this.#seen.values()];
  }

  stop(): void {
    this.#stopped = true;
    this.#rootWatch?.close();
    for (const following of this.#followed.values()) following.abort();
  }

  readonly #list = (there: readonly string[]) => {
    // Looked for one by one: a list may be older than the one before it.
    for (const folder of this.#followed.keys()) if (!existsSync(folder)) this.#drop(folder);
    for (const folder of this.#options.folders ?? there) this.#follow(folder);
  };

  #follow(folder: string): void {
    if (this.#stopped || this.#followed.has(folder) || !isOwn(folder)) return;
    const following = new AbortController();
    this.#followed.set(folder, following);
    this.#awaited.add(folder);
    const looked = () => {
      this.#awaited.delete(folder);
      if (!this.#stopped) this.#changed();
    };
    void watchSession(folder, following.signal, {
      wanted: this.#options.wanted,
      saw: (watched) => {
        this.#seen.set(folder, watched);
        looked();
      },
      sawNothing: looked,
    });
  }

  #drop(folder: string): void {
    this.#followed.get(folder)?.abort();
    this.#followed.delete(folder);
    this.#seen.delete(folder);
    this.#changed();
  }
}

/** Also those that are just being made: from then on they report themselves. First, so that none begins between the two looks. */
async function foldersIn(root: string): Promise<readonly string[]> {
  const unbegun = await unbegunFolders(root);
  return [...unbegun, ...(await sessionFolders(root))];
}

/** What a session of another user says is not to be trusted. */
function isOwn(folder: string): boolean {
  const uid = lstatSync(folder, { throwIfNoEntry: false })?.uid;
  return uid !== undefined && (process.getuid === undefined || uid === process.getuid());
}
