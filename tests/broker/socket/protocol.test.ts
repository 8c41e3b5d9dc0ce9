import { describe, expect, test } from "vitest";
import { PROTOCOL } from "../../../src/broker/socket/connect-in.ts";
import { errorKindOf, errorReply, readReply, readRequest } from "../../../src/broker/socket/protocol.ts";
import { AskCodexError } from "../../../src/errors.ts";

const line = (message: object) => JSON.stringify({ v: PROTOCOL, id: 1, ...message });

describe("a request", () => {
  test.each([
    { type: "status" },
    { type: "watch" },
    { type: "deliver", message_id: "m" },
    { type: "word", word_id: "w" },
  ])("of each kind is understood: $type", (request) => {
    expect(readRequest(line(request))).toEqual({ type: "request", id: 1, request });
    expect(readRequest(line({ ...request, beside: 1 }))).toEqual({ type: "request", id: 1, request });
  });

  test("of a newer version is refused by its number, whatever it asks, and told both versions", () => {
    for (const type of ["status", "brand_new"]) {
      const refused = readRequest(JSON.stringify({ v: PROTOCOL + 1, id: 9, type }));
      expect(refused).toMatchObject({ type: "refused", id: 9 });
      expect(refused).toHaveProperty("message", expect.stringMatching(`${PROTOCOL}.*${PROTOCOL + 1}`));
    }
  });

  test.each([
    { name: "of a kind that we do not know", message: { type: "brand_new" } },
    { name: "without what belongs to it", message: { type: "deliver" } },
    { name: "with something else in its place", message: { type: "word", word_id: 1 } },
    { name: "that would decide something", message: { type: "decide", approved: true, reason: "" } },
    { name: "that would answer something", message: { type: "answer", text: "blue", question: null } },
    { name: "that would stop the session", message: { type: "stop" } },
    { name: "that would let a held queue go on", message: { type: "resume" } },
  ])("$name is refused with its number", ({ message }) => {
    expect(readRequest(line(message))).toMatchObject({ type: "refused", id: 1 });
  });

  test.each(["", "nonsense", "[]", "null", "{}", '{"id":1,"type":"status"}', '{"v":1,"type":"status"}'])(
    "is not what has no number or version: %j",
    (text) => {
      expect(readRequest(text)).toBeNull();
    },
  );
});

describe("a reply", () => {
  test("is a result, a fault or something pushed", () => {
    expect(readReply(line({ result: { left: 0 } }))).toMatchObject({ id: 1, result: { left: 0 } });
    expect(readReply(JSON.stringify({ v: 1, push: { state: {} } }))).toMatchObject({ push: { state: {} } });
    const fault = new AskCodexError("session_busy", "it works", { hint: "Wait." });
    expect(readReply(JSON.stringify(errorReply(3, fault)))).toEqual({
      ...{ v: PROTOCOL, id: 3, error: { kind: "session_busy", message: "it works", hint: "Wait." } },
    });
  });

  test("keeps the kind of a fault that we know, and is internal otherwise", () => {
    expect(errorKindOf("session_busy")).toBe("session_busy");
    for (const word of ["brand_new", "", "toString", "__proto__"]) expect(errorKindOf(word)).toBe("internal");
  });

  test.each(["", "nonsense", "{}", '{"v":1,"id":1,"error":"no"}'])("is not %j", (text) => {
    expect(readReply(text)).toBeNull();
  });
});
