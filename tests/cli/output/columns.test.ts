import { expect, test } from "vitest";
import { columnsText, shortened } from "../../../src/cli/output/columns.ts";
import { shortThread } from "../../../src/cli/output/short-ids.ts";
import { piece } from "../../../src/cli/output/styled-text.ts";
import { shortOwn } from "../../../src/files/state-paths.ts";
import { ago } from "../../../src/text/words.ts";

const plain = { paint: (_: string, text: string) => text };

test("cells stand below each other, wide characters counted, and no row is wider than the terminal", () => {
  const rows = [
    [piece("漢字"), piece("done"), piece("first")],
    [piece("a"), piece("asks"), piece("a second one that is long")],
  ];
  expect(columnsText(["N", "STATUS", "TASK"], rows, { ...plain, columns: 80 })).toBe(
    "N     STATUS  TASK\n漢字  done    first\na     asks    a second one that is long\n",
  );
  expect(columnsText(["N", "STATUS", "TASK"], rows, { ...plain, columns: 22 })).toContain("a     asks    a secon…\n");
});

test("where there is little room the columns before one give way, as far as they must, so that it stands whole", () => {
  const rows = [[piece("20261128-174930-974"), piece("@a-long-name"), piece("attention required"), piece("2 h ago")]];
  const give = [
    { at: 0, to: (id: string) => id.slice(0, 15) },
    { at: 1, to: shortened },
  ];
  const shown = (columns: number) =>
    columnsText(["SESSION", "NAME", "STATUS", "LAST USE"], rows, { ...plain, columns, narrow: { whole: 2, give } })
      .split("\n")
      .at(1);
  expect(shown(80)).toBe("20261128-174930-974  @a-long-name  attention required  2 h ago");
  expect(shown(50)).toBe("20261128-174930  @a-long-name  attention required");
  expect(shown(40)).toBe("20261128-174930  @a…  attention required");
});

test.each([
  [0, "just now"],
  [59_999, "just now"],
  [60_000, "1 min ago"],
  [3_600_000, "1 h ago"],
  [47 * 3_600_000, "47 h ago"],
  [49 * 3_600_000, "2 d ago"],
  [-5, "just now"],
])("%i ms are %s", (ms, words) => {
  expect(ago(ms)).toBe(words);
});

test("short ids are whole times", () => {
  expect(shortThread("01a22346-cc36-77b2-b1a3-15a01cec98be")).toBe("01a22346-cc36");
  expect(shortOwn("20261128-174930-974-d039fddd73effb67")).toBe("20261128-174930-974");
});
