import type { ListedChanges } from "../../ask/model/evidence.ts";
import { type KnownDeeds, setApart } from "../../workspace/watch/attribution.ts";
import type { IgnoredLook } from "./ignored-watch.ts";

export interface OwnWork {
  readonly changes: ListedChanges;
  readonly ignored: IgnoredLook | null;
  /** Whether a changed file is the work's, also in a later look. */
  isWork(file: { readonly path: string }): boolean;
  readonly meanwhile: readonly string[];
  readonly mixed: ReadonlySet<string>;
}

/** The work without what someone else changed meanwhile; without `deeds` all of it is the work. */
export function withoutOthers(changes: ListedChanges, ignored: IgnoredLook | null, deeds: KnownDeeds | null): OwnWork {
  const files = [...changes.files, ...(ignored?.files ?? [])];
  const { meanwhile, mixed } = deeds === null ? ALL_OWN : setApart(files, changes.root, deeds);
  const others = new Set(meanwhile.filter((path) => !mixed.has(path)));
  const isWork = ({ path }: { readonly path: string }) => !others.has(path);
  return {
    changes: { ...changes, files: changes.files.filter(isWork) },
    ignored: ignored && { ...ignored, files: ignored.files.filter(isWork) },
    ...{ isWork, meanwhile, mixed },
  };
}

const ALL_OWN = { meanwhile: [], mixed: new Set<string>() };
