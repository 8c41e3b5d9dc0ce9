import { expect, test } from "vitest";
import { candidates } from "../../../src/cli/completion/candidates.ts";
import { table } from "../../../src/cli/setup/table.ts";

const places = table();

test.each([
  { typed: "ask-codex sess", offers: ["session", "sessions"], not: ["install"] },
  { typed: "ask-codex session re", offers: ["resume", "rename"], not: ["report"] },
  { typed: "ask_codex handoff ", offers: ["new", "check", "run"], not: ["sessions", "<any>"] },
  { typed: "ask_codex --verify", offers: ["--verify-cmd", "--verify-rounds"], not: ["--task"] },
  { typed: "ask-codex run --dry", offers: ["--dry-run"], not: ["<any>"] },
  { typed: "codex_broker send @a --int", offers: ["--interrupt"], not: ["--linger"] },
  { typed: "ask_codex doctor --f", offers: ["--fix"], not: ["--file"] },
  { typed: "codex_broker start --approvals ", offers: ["ask", "never"], not: ["send", "<any>"] },
  { typed: "ask_codex --sandbox ", offers: ["read-only", "workspace-write"], not: ["sessions"] },
  { typed: "ask_codex --sandbox=re", offers: ["--sandbox=read-only"], not: ["--sandbox=workspace-write"] },
  { typed: "ask_codex --timeout ", offers: [], not: ["<any>", "sessions"] },
  { typed: "ask_codex --prompt-file ta", offers: ["<any>"], not: ["tasks"] },
  { typed: "ask_codex --output=re", offers: ["--output=<any>"], not: [] },
  { typed: "ask_codex --workspace ", offers: ["<directory>"], not: ["sessions"] },
  { typed: "ask_codex task --no-an", offers: ["--no-answer"], not: ["sessions"] },
  { typed: "ask_codex -- --no-an", offers: ["<any>"], not: ["--no-answer"] },
  { typed: "ask_codex handoff check CODEX", offers: ["<any>"], not: [] },
  { typed: "ask_codex handoff check $(id)/", offers: [], not: ["<any>"] },
  { typed: "ask-codex completion ", offers: ["bash", "zsh", "fish"], not: ["<any>"] },
  { typed: "codex_broker status ", offers: [], not: ["<any>", "start"] },
  { typed: "other ", offers: [], not: ["run"] },
])("$typed is completed", ({ typed, offers, not }) => {
  const offered = candidates(places, typed.split(" ")).map((found) =>
    found.kind === "literal" ? found.text : `${found.prefix ?? ""}<${found.type}>`,
  );
  expect(offered).toEqual(expect.arrayContaining(offers));
  expect(offered.filter((word) => not.includes(word))).toEqual([]);
});

test("every flag of every place is offered there", () => {
  const flags = new Set(places.flatMap((place) => place.flags.flatMap(({ names }) => names)));
  expect(flags.size).toBeGreaterThan(80);
  for (const { at, flags: known } of places) {
    const offered = candidates(places, [...at.split(" "), "-"]).map((found) => found.kind === "literal" && found.text);
    expect(offered).toEqual(known.flatMap(({ names }) => names));
  }
});
