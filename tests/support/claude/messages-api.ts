import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { messageOf } from "../../../src/errors.ts";
import { type Conversation, type MessagesRequest, readConversation } from "./conversation.ts";

/** What the scripted model answers to one request: text, or calls of tools. */
export type Reply = readonly Block[] | HttpError;

/** An answer that is none. */
interface HttpError {
  readonly status: number;
  readonly type: string;
}

type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly name: string; readonly input: Readonly<Record<string, unknown>> };

/** The answer to one request; a function looks at the conversation first, or waits for something. */
export type Step = Reply | Answering;

type Answering = (conversation: Conversation) => Reply | Promise<Reply>;

export interface MessagesApi extends AsyncDisposable {
  readonly url: string;
  /** Every conversation that was sent so far, oldest first. */
  readonly conversations: readonly Conversation[];
  /** What went wrong in the script itself, or was asked beyond its end. */
  readonly faults: readonly string[];
}

export function say(text: string): Reply {
  return [{ type: "text", text }];
}

export function use(name: string, input: Readonly<Record<string, unknown>>): Reply {
  return [{ type: "tool_use", name, input }];
}

/** An error of the API. */
export function refuse(status: number, type: string): Reply {
  return { status, type };
}

/** The Bash tool; `timeout` is Claude's own limit, in milliseconds. */
export function bash(command: string, options: { readonly timeout?: number } = {}): Reply {
  return use("Bash", { command, description: "Runs it", ...options });
}

/** Starts a Messages API server on loopback that answers one request after another by the script, or each by a function. */
export async function startMessagesApi(script: readonly Step[] | Answering): Promise<MessagesApi> {
  const conversations: Conversation[] = [];
  const faults: string[] = [];
  const sockets = new Set<Socket>();
  const reply = async (body: string): Promise<Reply> => {
    const conversation = readConversation(JSON.parse(body) as MessagesRequest);
    const index = conversations.push(conversation) - 1;
    const step = typeof script === "function" ? script : script[index];
    if (step === undefined) throw new Error(`the script is over; the last was: ${conversation.texts.at(-1)}`);
    return typeof step === "function" ? step(conversation) : step;
  };
  const server = createServer((request, response) => {
    void answer(request, response, reply).catch((error: unknown) => {
      faults.push(messageOf(error));
      // Claude Code does not try again after this one.
      const message = { type: "error", error: { type: "invalid_request_error", message: messageOf(error) } };
      response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify(message));
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ conversations, faults },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  reply: (body: string) => Promise<Reply>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  // 2.1.197 looks first whether there is anybody.
  if (request.method === "HEAD") {
    response.writeHead(200).end();
    return;
  }
  // The Read tool asks how much a long file is.
  if (request.url?.startsWith("/v1/messages/count_tokens?")) {
    response.writeHead(200, { "content-type": "application/json" }).end('{"input_tokens":1000}');
    return;
  }
  if (!request.url?.startsWith("/v1/messages?")) throw new Error(`not scripted: ${request.method} ${request.url}`);
  send(response, await reply(Buffer.concat(chunks).toString("utf8")));
}

function send(response: ServerResponse, reply: Reply): void {
  if ("status" in reply) {
    const error = { type: reply.type, message: `scripted ${reply.type}` };
    response.writeHead(reply.status, { "content-type": "application/json" });
    response.end(JSON.stringify({ type: "error", error }));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const event = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  const usage = { input_tokens: 10, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const message = { type: "message", role: "assistant", model: "scripted", content: [], stop_reason: null, usage };
  event("message_start", { message: { id: newId("msg"), ...message } });
  for (const [index, block] of reply.entries()) {
    event("content_block_start", { index, content_block: opened(block) });
    event("content_block_delta", { index, delta: delta(block) });
    event("content_block_stop", { index });
  }
  const stop_reason = reply.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn";
  event("message_delta", { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 1 } });
  event("message_stop", {});
  response.end();
}

function opened(block: Block): object {
  if (block.type === "text") return { type: "text", text: "" };
  return { type: "tool_use", id: newId("toolu"), name: block.name, input: {} };
}

function delta(block: Block): object {
  if (block.type === "text") return { type: "text_delta", text: block.text };
  return { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
}

let ids = 0;

function newId(kind: string): string {
  ids += 1;
  return `${kind}_${process.pid}_${ids}`;
}
