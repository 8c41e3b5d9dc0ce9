import { expect, test } from "vitest";
import { unsupported } from "../../../src/cli/edge/supported.ts";

test.each([
  { platform: "linux", node: "20.19.0" },
  { platform: "darwin", node: "20.19.43" },
  { platform: "linux", node: "22.0.0" },
  { platform: "freebsd", node: "24.20.0" },
  { platform: "linux", node: "21.0.0-nightly20230801" },
])("$platform with Node $node is supported", ({ platform, node }) => {
  expect(unsupported(platform, node)).toBeNull();
});

test.each([
  { platform: "linux", node: "20.18.9" },
  { platform: "linux", node: "18.20.0" },
  { platform: "darwin", node: "9.99.0" },
])("Node $node is told to be too old, with the one to install", ({ platform, node }) => {
  expect(unsupported(platform, node)).toMatch(new RegExp(`${node.replaceAll(".", "\\.")}.*20\\.19`));
});

test("Windows is told about WSL, whatever its Node", () => {
  expect(unsupported("win32", "24.0.0")).toContain("WSL");
});
