import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { items, notifications } from "../../src/codex/messages.ts";
import { decideRequest } from "../../src/codex/server-requests.ts";
import { toTurnEvent } from "../../src/codex/turn-event.ts";
import { codexBin } from "../support/codex.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { VERSIONS } from "../support/versions.ts";
import { IGNORED_ITEMS, IGNORED_NOTIFICATIONS, REFUSED_REQUESTS } from "./ignored-protocol.ts";
import { ERROR_INFOS } from "./recorded-errors.ts";

const protocols = VERSIONS.map((version) => ({ version, read: protocolOf(version) }));

test.each(protocols)(
  "every notification of Codex $version is handled, or left alone for a reason",
  async ({ read }) => {
    const { methods } = await read;
    expect(methods.length).toBeGreaterThan(50);
    const unknown = methods.filter((method) => !isHandled(method) && !Object.hasOwn(IGNORED_NOTIFICATIONS, method));
    expect(unknown).toEqual([]);
  },
);

test.each(protocols)("every type of item of Codex $version is read, or left alone for a reason", async ({ read }) => {
  const { itemTypes } = await read;
  expect(itemTypes).toContain("agentMessage");
  expect(itemTypes.filter((type) => !Object.hasOwn(items, type) && !Object.hasOwn(IGNORED_ITEMS, type))).toEqual([]);
});

test.each(protocols)("every request of Codex $version is answered, or refused for a reason", async ({ read }) => {
  const { requests } = await read;
  expect(requests).toContain("item/tool/requestUserInput");
  expect(requests.filter((method) => !isAnswered(method) && !Object.hasOwn(REFUSED_REQUESTS, method))).toEqual([]);
});

test.each(protocols)("every type of error of Codex $version is in the table of their kinds", async ({ read }) => {
  const { errorTypes } = await read;
  expect(errorTypes).toContain("usageLimitExceeded");
  const known = ERROR_INFOS.map(({ info }) => (typeof info === "string" ? info : Object.keys(info ?? {})[0]));
  expect(errorTypes.filter((type) => type !== "other" && !known.includes(type))).toEqual([]);
});

test("what is left alone is not handled, and is in the protocol of some version", async () => {
  const all = await Promise.all(protocols.map(({ read }) => read));
  const known = new Set(all.flatMap(({ methods, itemTypes, requests }) => [...methods, ...itemTypes, ...requests]));
  const listed = [IGNORED_NOTIFICATIONS, IGNORED_ITEMS, REFUSED_REQUESTS].flatMap((list) => Object.keys(list));
  expect(listed.filter((name) => !known.has(name))).toEqual([]);
  expect(Object.keys(IGNORED_NOTIFICATIONS).filter(isHandled)).toEqual([]);
  expect(Object.keys(IGNORED_ITEMS).filter((type) => Object.hasOwn(items, type))).toEqual([]);
  expect(Object.keys(REFUSED_REQUESTS).filter(isAnswered)).toEqual([]);
});

function isHandled(method: string): boolean {
  const counts = toTurnEvent({ method, params: undefined }, "t").type === "activity";
  return counts || Object.hasOwn(notifications, method);
}

function isAnswered(method: string): boolean {
  const decision = decideRequest({ id: 1, method, params: {} });
  return decision.type === "question" || !("error" in decision.response);
}

/** The names in the protocol, as this Codex itself prints it. */
async function protocolOf(version: string) {
  await using folder = await tempFolder();
  // Whatever it is called for, Codex makes a folder in its home: not in that of whoever runs the tests.
  const env = { ...process.env, CODEX_HOME: folder.path };
  const args = ["app-server", "generate-ts", "--experimental", "--out", folder.path];
  await promisify(execFile)(codexBin(version), args, { env });
  const named = async (file: string, tag: string) => {
    const text = await readFile(join(folder.path, file), "utf8");
    return [...text.matchAll(new RegExp(`"${tag}": "([^"]+)"`, "g"))].map(([, name = ""]) => name);
  };
  const [methods, requests, itemTypes] = await Promise.all([
    named("ServerNotification.ts", "method"),
    named("ServerRequest.ts", "method"),
    named(join("v2", "ThreadItem.ts"), "type"),
  ]);
  const errors = await readFile(join(folder.path, "v2", "CodexErrorInfo.ts"), "utf8");
  const errorTypes = [...errors.matchAll(/"([a-z]\w+)"/gi)].map(([, name = ""]) => name);
  return { methods, requests, itemTypes, errorTypes };
}
