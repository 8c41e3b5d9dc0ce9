import { expect, test } from "vitest";
import { escapeRegExp } from "../../src/text/escape.ts";

test.each(["a.b", "\\", "$x", "[a]{1}(b)|c?", "^*+", "a-b/c", "é"])(
  "%s matches itself alone, with and without u",
  (text) => {
    for (const flags of ["", "u"]) {
      const pattern = new RegExp(`^${escapeRegExp(text)}$`, flags);
      expect(pattern.test(text)).toBe(true);
      expect(pattern.test(`${text}x`)).toBe(false);
    }
    expect(new RegExp(`^${escapeRegExp("a.b")}$`).test("axb")).toBe(false);
  },
);
