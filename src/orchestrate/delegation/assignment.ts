import type { Contract } from "../../handoff/document/handoff.ts";
import type { TaskKind } from "../request/kind.ts";

/** What an executor should do. */
export interface Assignment {
  readonly contract: Contract;
  readonly kind: TaskKind;
  /** The root of the work tree. */
  readonly root: string;
  /** Commands that the person has named, as they are run. */
  readonly trusted: ReadonlySet<string>;
}
