// The least that gets one answer out of an app-server. Usage: minimal-client.mjs CODEX SANDBOX-POLICY PROMPT
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const [codex, sandbox, text] = process.argv.slice(2);
const server = spawn(codex, ["app-server"], { stdio: ["pipe", "pipe", "ignore"] });
const open = new Map();
let answer = "";

createInterface({ input: server.stdout }).on("line", (line) => {
  const { id, method, params, result, error } = JSON.parse(line);
  if (method === undefined) {
    if (error) throw new Error(error.message);
    open.get(id)(result);
  } else if (method === "item/completed" && params.item.type === "agentMessage") {
    answer = params.item.text;
  } else if (method === "turn/completed") {
    process.exitCode = params.turn.status === "completed" ? 0 : 1;
    console.log(answer);
    server.stdin.end();
  }
});

await request("initialize", { clientInfo: { name: "minimal", title: null, version: "1" } });
send({ method: "initialized" });
const { thread } = await request("thread/start", { cwd: process.cwd(), sandbox: "read-only", approvalPolicy: "never" });
await request("turn/start", {
  threadId: thread.id,
  input: [{ type: "text", text, text_elements: [] }],
  approvalPolicy: "never",
  sandboxPolicy: JSON.parse(sandbox),
});

function request(method, params) {
  const id = open.size + 1;
  send({ id, method, params });
  return new Promise((resolve) => open.set(id, resolve));
}

function send(message) {
  server.stdin.write(`${JSON.stringify(message)}\n`);
}
