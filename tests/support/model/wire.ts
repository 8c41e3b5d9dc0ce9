import type { ModelRequest } from "./server.ts";

/**
 * The user's messages in a request, oldest first, each with its texts; a turn of ours is one message, the task its last text.
 * Codex's own (the environment, AGENTS.md, a note of an interrupted turn) are left out.
 */
function userMessages({ body }: ModelRequest): readonly (readonly string[])[] {
  const messages = body.input.filter(({ type, role }) => type === "message" && role === "user");
  const texts = messages.map(({ content = [] }) => content.flatMap(({ text }) => (text === undefined ? [] : [text])));
  return texts.filter(([first = ""]) => !/^(?:<(?:environment_context|turn_aborted)>|# AGENTS\.md)/.test(first));
}

/** The last text of each: the tasks that a session has had, oldest first. */
export function tasksIn(request: ModelRequest | undefined): readonly (string | undefined)[] {
  return request === undefined ? [] : userMessages(request).map((texts) => texts.at(-1));
}

/** The texts of the last of them: what a run told Codex, the task last. */
export function toldTo(request: ModelRequest | undefined): readonly string[] {
  return request === undefined ? [] : (userMessages(request).at(-1) ?? []);
}

/** What the model was handed back of the tools it called, oldest first. */
export function toolOutputs(request: ModelRequest | undefined): readonly string[] {
  const outputs = request?.body.input.filter(({ type }) => type === "function_call_output") ?? [];
  return outputs.map(({ output }) => (typeof output === "string" ? output : JSON.stringify(output)));
}
