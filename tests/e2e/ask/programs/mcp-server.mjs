// An MCP server on stdio. It leaves the file it is told as a trace of its start; its one tool asks the user to confirm.
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

writeFileSync(process.argv[2], "started\n");
let calling;
const send = (message) => console.log(JSON.stringify({ jsonrpc: "2.0", ...message }));
const answer = {
  initialize: ({ protocolVersion }) => ({
    ...{ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "asker", version: "1.0.0" } },
  }),
  "tools/list": () => ({
    tools: [{ name: "confirm", description: "Asks the user", inputSchema: { type: "object", properties: {} } }],
  }),
};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params, result } = JSON.parse(line);
  if (method === "tools/call") {
    calling = id;
    const requestedSchema = { type: "object", properties: { sure: { type: "boolean" } } };
    send({ id: "elicit", method: "elicitation/create", params: { message: "Are you sure?", requestedSchema } });
  } else if (id === "elicit") {
    send({ id: calling, result: { content: [{ type: "text", text: `the user chose ${result?.action}` }] } });
  } else if (method in answer) {
    send({ id, result: answer[method](params) });
  } else if (id !== undefined) {
    send({ id, error: { code: -32601, message: `no ${method}` } });
  }
}
