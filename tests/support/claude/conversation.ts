/** The fields of a Messages API request that tests look at. */
export interface MessagesRequest {
  readonly messages: readonly { readonly role: string; readonly content: string | readonly Content[] }[];
  readonly tools?: readonly { readonly name: string; readonly description?: string }[];
}

interface Content {
  readonly type: string;
  readonly text?: string;
  readonly is_error?: boolean;
  readonly content?: string | readonly Content[];
}

/** What Claude Code tells the model, as tests want to see it. */
export interface Conversation {
  /** Every text that is not the model's own, oldest first; results of tools apart. */
  readonly texts: readonly string[];
  /** The results of tools, oldest first. */
  readonly results: readonly ToolResult[];
  /** The last of them. */
  readonly result: ToolResult;
  /** The names of the tools that the model has. */
  readonly tools: readonly string[];
}

interface ToolResult {
  readonly text: string;
  readonly isError: boolean;
}

export function readConversation({ messages, tools = [] }: MessagesRequest): Conversation {
  const blocks = messages.filter(({ role }) => role !== "assistant").flatMap(({ content }) => blocksOf(content));
  const results = blocks.filter(({ type }) => type === "tool_result").map(readResult);
  return {
    texts: blocks.flatMap(({ type, text }) => (type === "text" && text !== undefined ? [text] : [])),
    results,
    result: results.at(-1) ?? { text: "", isError: false },
    tools: tools.map(({ name }) => name),
  };
}

function blocksOf(content: string | readonly Content[]): readonly Content[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function readResult({ content = "", is_error = false }: Content): ToolResult {
  const texts = blocksOf(content).map(({ text = "" }) => text);
  return { text: texts.join("\n"), isError: is_error };
}
