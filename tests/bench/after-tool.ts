import type { ModelRequest } from "../support/model/server.ts";

/** True when the model is told what its command came to, so that now it may answer. */
export function isToolResult({ body }: ModelRequest): boolean {
  return body.input.at(-1)?.type === "function_call_output";
}
