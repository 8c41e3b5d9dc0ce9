import type { Command, OptionValues } from "@commander-js/extra-typings";
import { addJsonOption } from "../command/turn-options.ts";

/** The document that a command is about. */
export function addDocument<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command.argument("<file>", "the document: markdown with front matter, or a JSON task request");
}

export function addWorkspace<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command.option("-w, --workspace <path>", "a folder of the repository that it is about (default: here)");
}

export interface InspectionFlags {
  readonly workspace?: string;
  readonly json: boolean;
}

/** What a command that looks at a document takes. */
export function addInspection<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return addJsonOption(addWorkspace(addDocument(command)));
}
