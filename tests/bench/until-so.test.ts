import { expect, test } from "vitest";
import { untilSo } from "./until-so.ts";

test("what is looked for can come about in the process that looks", async () => {
  let isSo = false;
  setImmediate(() => {
    isSo = true;
  });

  await untilSo(() => isSo, { what: "it is so", signal: new AbortController().signal });
});

test("an interrupted bench looks no further", async () => {
  const waiting = untilSo(() => false, { what: "it is so", signal: AbortSignal.abort(new Error("interrupted")) });

  await expect(waiting).rejects.toThrow("aborted");
});
