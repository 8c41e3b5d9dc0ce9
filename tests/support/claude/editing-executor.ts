import type { Conversation } from "./conversation.ts";
import { type Reply, use } from "./messages-api.ts";

/** What an executor changes for a task: a text of a file into another. */
export type Edits = Readonly<Record<string, readonly [file: string, from: string, to: string]>>;

/**
 * The model of executors that work side by side: each makes the edit of the task that it is told, and says that it is done; a task without
 * one is only answered. The second time it is on top of what others did.
 */
export function editingExecutor(edits: Edits): (conversation: Conversation) => Reply {
  return ({ texts, results }) => {
    const told = texts.filter((text) => text.startsWith("Task ")).at(-1) ?? "";
    const edit = edits[/^Task (\S+)/.exec(told)?.[1] ?? ""];
    const again = told.includes("did not merge");
    const done = use("StructuredOutput", { status: "DONE", notes: again ? "Again, on top." : "Done." });
    if (edit === undefined) return done;
    const [file_path, old_string, new_string] = edit;
    // The first conversation goes on: its three calls are in there.
    switch (results.length - (again ? 3 : 0)) {
      case 0:
        return use("Read", { file_path });
      case 1:
        return use("Edit", { file_path, old_string, new_string });
      default:
        return done;
    }
  };
}
