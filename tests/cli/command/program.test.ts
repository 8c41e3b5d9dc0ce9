import { expect, test, vi } from "vitest";
import { main } from "../../../src/cli/ask/main.ts";

test.each([
  { argv: ["status", "@parser"], means: "codex_broker status" },
  { argv: ["run", "Fix it"], means: "ask-codex run" },
  { argv: ["sesions", "--all"], means: "ask_codex sessions" },
  { argv: ["reveiw", "--base", "main"], means: "ask_codex review" },
  { argv: ["isntall", "--allow"], means: "ask_codex install" },
  { argv: ["stat", "--since", "7d"], means: "ask_codex stats" },
  { argv: ["stat", "--read-only"], means: "ask_codex stats" },
  { argv: ["--read-only", "stat"], means: "ask_codex stats" },
  { argv: ["--name", "foo", "sessoins"], means: "ask_codex sessions" },
])("$argv is refused before its flags are: did you mean $means?", async ({ argv, means }) => {
  let err = "";
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, "on").mockReturnThis();
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
  const code = await main(argv);
  vi.restoreAllMocks();
  expect(err).toContain(`Did you mean ${means}?`);
  expect(code).toBe(1);
});
