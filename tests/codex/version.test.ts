import { expect, test } from "vitest";
import { OLDEST_SUPPORTED, requireSupported, versionOf } from "../../src/codex/version.ts";

test.each([
  { agent: "ask_codex/0.169.0 (Debian 12.0.0; x86_64) xterm (ask_codex; 0.1.0)", version: "0.169.0" },
  { agent: "ask_codex/0.170.0-alpha.2 (Mac OS 15.1; arm64)", version: "0.170.0-alpha.2" },
  { agent: "codex_cli_rs/0.0.0", version: "0.0.0" },
  { agent: "ask_codex (Debian 12.0.0)", version: "unknown" },
  { agent: "ask_codex/latest", version: "unknown" },
  { agent: "", version: "unknown" },
])("the user agent '$agent' names version $version", ({ agent, version }) => {
  expect(versionOf(agent)).toBe(version);
});

test.each([
  OLDEST_SUPPORTED,
  "0.150.1",
  "0.151.0-alpha.1",
  "0.169.0",
  "0.1000.0",
  "1.0.0",
  "1.2.3",
  "0.0.0",
  "unknown",
])("%s is let through", (version) => {
  expect(() => requireSupported(version)).not.toThrow();
});

test.each(["0.149.9", "0.149.0-alpha.20", "0.99.0", "0.15.0", "0.0.1", "0.1.150"])("%s is too old", (version) => {
  expect(() => requireSupported(version)).toThrow(expect.objectContaining({ kind: "codex_incompatible" }));
});
