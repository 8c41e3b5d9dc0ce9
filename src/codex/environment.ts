import type { ResolvedSettings } from "./settings.ts";

/** An exec-server on another machine: the commands of a turn run there, and patches are written there. */
export interface RemoteEnvironment {
  readonly id: string;
  readonly url: string;
  /** What the exec-server wants to hear before it does anything. */
  readonly token: string;
  /** The folder here that the result is brought to. */
  readonly here: string;
  /** The folder of the work, over there. */
  readonly cwd: string;
  /** What workspace-write lets a command write there: Codex names each folder of it, which it does not for work on this machine. */
  readonly writable: readonly string[];
}

/** Settings without what would work on this machine while the task is on another. */
export const ONLY_THERE: readonly string[] = [
  "features.hooks=false",
  "features.plugins=false",
  "features.multi_agent=false",
];

/** The settings on Codex's record of a turn over there, in the words for one here whose folder is `cwd`. */
export function asHere(got: ResolvedSettings, cwd: string, environment: RemoteEnvironment | null): ResolvedSettings {
  if (environment === null) return got;
  // A turn that ran in the folder here has not run over there.
  const where = got.cwd === environment.cwd ? cwd : `${got.cwd} on this machine`;
  return { ...withoutRoots(got, environment), cwd: where };
}

/** The notice of a turn over there names the folder here; its folders are those over there all the same. */
export function withoutRoots(got: ResolvedSettings, environment: RemoteEnvironment | null): ResolvedSettings {
  const { sandboxPolicy } = got;
  if (environment === null || !sandboxPolicy.writableRoots) return got;
  const writableRoots = sandboxPolicy.writableRoots.filter((root) => !environment.writable.includes(root));
  return { ...got, sandboxPolicy: { ...sandboxPolicy, writableRoots } };
}

/** A path of the work over there as the one here that stands for it, or the other way round; any other path as it is. */
export function pathBetween(path: string, from: string, to: string): string {
  return path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : path;
}

/** A turn that names a folder and no environment runs on this machine, whatever its thread was opened with: each turn says both. */
export function environmentParams(environment: RemoteEnvironment | null) {
  return environment === null ? {} : { environments: [{ environmentId: environment.id, cwd: environment.cwd }] };
}
