import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { http, type OutputItem, type Reply } from "./replies.ts";

/** One request that Codex sent to the model. */
export interface ModelRequest {
  readonly headers: IncomingMessage["headers"];
  readonly body: RequestBody;
}

/** The fields of a Responses API request that tests look at. */
interface RequestBody {
  readonly model: string;
  readonly instructions?: string;
  readonly input: readonly InputItem[];
  readonly tools?: readonly Tool[];
  readonly reasoning?: { readonly effort?: string } | null;
  readonly text?: { readonly format?: unknown };
}

interface Tool {
  readonly name?: string;
  readonly type: string;
  readonly parameters?: { readonly properties?: object };
  /** The tools of a namespace. */
  readonly tools?: readonly Tool[];
}

export interface InputItem {
  readonly type: string;
  readonly role?: string;
  readonly content?: readonly { readonly type: string; readonly text?: string; readonly image_url?: string }[];
  readonly output?: unknown;
  readonly call_id?: string;
}

/** A list is answered in order; a function decides by the request. */
export type Script = readonly Reply[] | ((request: ModelRequest, index: number) => Reply);

export interface ScriptedModel extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Every request so far, oldest first. */
  readonly requests: readonly ModelRequest[];
  /** Resolves once the model has been asked `count` times. */
  asked(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a Responses API server on loopback that answers by the script. */
export async function startModel(script: Script, options: { port?: number } = {}): Promise<ScriptedModel> {
  const requests: ModelRequest[] = [];
  const waiting = new Set<() => void>();
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const record = (entry: ModelRequest) => {
      const index = requests.push(entry) - 1;
      for (const wake of waiting) wake();
      return index;
    };
    void answer(request, response, script, record).catch(() => response.destroy());
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    requests,
    asked: (count) => asked(requests, count, waiting),
    close: () => close(server, sockets),
    [Symbol.asyncDispose]: () => close(server, sockets),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  script: Script,
  record: (entry: ModelRequest) => number,
) {
  const raw = await readBody(request);
  if (request.method !== "POST" || !request.url?.endsWith("/responses")) {
    response.writeHead(404).end();
    return;
  }
  const entry: ModelRequest = { headers: request.headers, body: JSON.parse(raw.toString("utf8")) as RequestBody };
  const index = record(entry);
  const reply =
    typeof script === "function" ? script(entry, index) : (script[index] ?? http(400, "the script is over"));
  await send(response, reply, index);
}

async function send(response: ServerResponse, reply: Reply, index: number): Promise<void> {
  const { ending } = reply;
  if (ending.type === "http") {
    const body = typeof ending.body === "string" ? ending.body : JSON.stringify(ending.body);
    response.writeHead(ending.status, { "content-type": "application/json", ...ending.headers }).end(body);
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const id = `resp_${index}`;
  const event = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  event("response.created", { response: { id } });
  for (const [position, item] of reply.items.entries()) await sendItem(event, item, position, index);
  switch (ending.type) {
    case "completed":
      event("response.completed", { response: { id, usage: usageOf(ending.usage) } });
      response.end();
      return;
    case "failed":
      event("response.failed", { response: { id, error: { code: ending.code, message: ending.message } } });
      response.end();
      return;
    case "cut":
      await new Promise((sent) => response.write("\n", sent));
      response.destroy();
      return;
    case "silence":
      return;
  }
}

async function sendItem(
  event: (type: string, data: object) => void,
  item: OutputItem,
  output_index: number,
  index: number,
): Promise<void> {
  const id = `item_${index}_${output_index}`;
  if (item.type === "call") {
    const { name, args, namespace } = item;
    const call = { type: "function_call", id, call_id: `call_${index}_${output_index}`, name, namespace };
    event("response.output_item.done", { output_index, item: { ...call, arguments: JSON.stringify(args) } });
    return;
  }
  const message = (text: string) => ({
    type: "message",
    role: "assistant",
    id,
    ...(item.phase === null ? {} : { phase: item.phase }),
    content: [{ type: "output_text", text }],
  });
  event("response.output_item.added", { output_index, item: message("") });
  const size = Math.ceil(item.text.length / Math.max(1, item.chunks));
  for (let part = 0; part < item.chunks; part++) {
    if (item.pauseMs > 0) await sleep(item.pauseMs);
    const delta = item.text.slice(part * size, (part + 1) * size);
    event("response.output_text.delta", { item_id: id, output_index, content_index: 0, delta });
  }
  event("response.output_item.done", { output_index, item: message(item.text) });
}

function usageOf({
  input,
  cached,
  output,
  reasoning,
}: {
  input: number;
  cached: number;
  output: number;
  reasoning: number;
}) {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function asked(requests: readonly ModelRequest[], count: number, waiting: Set<() => void>): Promise<void> {
  while (requests.length < count) {
    await new Promise<void>((wake) => {
      const once = () => {
        waiting.delete(once);
        wake();
      };
      waiting.add(once);
    });
  }
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}
