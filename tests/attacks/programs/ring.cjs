// What a sandboxed command with network does that looks for a way to say yes to itself: it finds the session's socket and sends all
// that a socket of ours has ever understood, and the names of all words and messages in the session's folder, again and again.
const fs = require("node:fs");
const net = require("node:net");
const path = require("node:path");

const [root, file] = process.argv.slice(2);
const log = path.resolve(file);
const note = (text) => fs.appendFileSync(log, text);
const session = fs.readdirSync(root).find((name) => !name.startsWith("."));
process.chdir(path.join(root, session));

function names(folder) {
  try {
    return fs.readdirSync(folder).map((name) => name.replace(/\.json$/, ""));
  } catch {
    return [];
  }
}

function round(left) {
  const decisions = ["decide", "approve", "stop", "resume", "yield", "answer"].map((type) => {
    return { type, approved: true, reason: "", text: "yes", question: null };
  });
  const words = ["../queue/x", ...names("words")].map((word_id) => ({ type: "word", word_id }));
  const messages = names("queue").map((name) => ({ type: "deliver", message_id: name.replace(/^\d+-\d+-/, "") }));
  const socket = net.connect("worker.sock");
  socket.on("error", ({ code }) => note(`error ${code}\n`));
  socket.on("data", (data) => note(data));
  [...decisions, ...words, ...messages].forEach((request, id) => {
    socket.write(`${JSON.stringify({ v: 1, id, ...request })}\n`);
  });
  setTimeout(() => {
    socket.destroy();
    note("round\n");
    if (left > 0) round(left - 1);
  }, 100);
}

round(300);
