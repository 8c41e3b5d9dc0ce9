import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { cut, fail, http, nothing, type Reply, say } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { withCodex } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

interface Case {
  /** The task itself: by it the model knows how to fail. */
  readonly name: string;
  readonly reply: Reply;
  readonly code: 1 | 3;
  readonly kind: string;
}

const modelGone = { error: { message: "The model `o9` does not exist", code: "model_not_found" } };
const tooFast = "Rate limit reached for gpt-5.2-codex. Please try again in 1.2s.";
const CASES: readonly Case[] = [
  { name: "HTTP 401", reply: http(401), code: 3, kind: "auth" },
  { name: "HTTP 404 for the model", reply: http(404, modelGone), code: 3, kind: "model_unavailable" },
  { name: "HTTP 400", reply: http(400), code: 1, kind: "turn_failed" },
  { name: "HTTP 429", reply: http(429), code: 3, kind: "rate_limit" },
  { name: "HTTP 500", reply: http(500), code: 3, kind: "overloaded" },
  { name: "a stream that is cut", reply: cut(say("half a word")), code: 3, kind: "network" },
  { name: "a quota used up", reply: fail("insufficient_quota"), code: 3, kind: "usage_limit" },
  { name: "a context that is full", reply: fail("context_length_exceeded"), code: 1, kind: "context_window" },
  { name: "a turn without a message", reply: nothing(), code: 1, kind: "empty_answer" },
];

/** Other ways to the same kinds. */
const FURTHER: readonly Case[] = [
  { name: "HTTP 403", reply: http(403), code: 3, kind: "auth" },
  { name: "HTTP 400 for the model", reply: http(400, modelGone), code: 3, kind: "model_unavailable" },
  { name: "HTTP 503", reply: http(503), code: 3, kind: "overloaded" },
  { name: "too many requests", reply: fail("rate_limit_exceeded", tooFast), code: 3, kind: "rate_limit" },
  { name: "a model that is busy", reply: fail("server_is_overloaded"), code: 3, kind: "overloaded" },
  { name: "a failure nobody has heard of", reply: fail("flux_capacitor"), code: 1, kind: "turn_failed" },
];

const STATUS = { 1: "failed", 3: "fatal" } as const;

withCodex("further", (version) => endings(version, FURTHER));

withCodex("rest", (version) => {
  const { world } = endings(version, CASES);

  test("a provider's key that is not set is a matter of login", async () => {
    const asked = world().model.requests.length;
    const failed = await ask(world(), ["--config", 'model_providers.scripted.env_key="NO_SUCH_KEY"', "go on"]);
    expect(failed).toMatchObject({ code: 3, keys: { session_id: ID, status: "fatal", error_kind: "auth" } });
    expect(failed.stderr).toContain("NO_SUCH_KEY");
    expect(world().model.requests).toHaveLength(asked);
  });

  test("when the usage is used up, it says until when", async () => {
    const resets_at = "2033-05-18T03:33:20Z";
    const lines = await ask(world(), [USED_UP]);
    expect(lines).toMatchObject({ code: 3, keys: { session_id: ID, error_kind: "usage_limit", resets_at } });
    const { json } = await ask(world(), ["--json", "--session", lines.keys.session_id ?? "", USED_UP]);
    expect(json?.error).toMatchObject({ kind: "usage_limit", resets_at });
  });

  test("a session goes on after failures", async () => {
    const { session_id = "" } = (await ask(world(), ["HTTP 401"])).keys;
    for (const name of ["a stream that is cut", "a turn without a message"]) {
      expect(await ask(world(), ["--session", session_id, name])).toMatchObject({ keys: { session_id } });
    }
    const last = await ask(world(), ["--session", session_id, "go on"]);
    expect(last).toMatchObject({ code: 0, keys: { session_id, status: "completed" } });
    expect(last.report).toContain("Gone on.");
  });
});

/** Each of these failures ends in its own way, all of them in one world. */
function endings(version: string, cases: readonly Case[]): { readonly world: () => World } {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ version, git: false, script: replyTo });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test.for(cases)("$name ends with exit $code, $kind", async ({ name, code, kind }) => {
    const failed = await ask(world, [name]);
    expect(failed).toMatchObject({ code, keys: { session_id: ID, status: STATUS[code], error_kind: kind } });
    expect(failed.report).toContain(`${kind}: `);
    expect(failed.report).toContain(`**Exit code: ${code}**`);
    const { error, exit_code } = await resultOf(failed.keys.output_path);
    expect({ exit_code, kind: error.kind }).toEqual({ exit_code: code, kind });
  });
  return { world: () => world };
}

const USED_UP = "HTTP 429 with the usage used up";
const usedUp = http(
  429,
  { error: { type: "usage_limit_reached", message: "The usage limit has been reached" } },
  {
    "x-codex-primary-used-percent": "100",
    "x-codex-primary-window-minutes": "300",
    "x-codex-primary-reset-at": "2000000000",
  },
);

const ID = expect.stringMatching(/^[0-9a-f-]{36}$/);

const REPLIES: ReadonlyMap<string, Reply> = new Map([
  ...[...CASES, ...FURTHER].map(({ name, reply }) => [name, reply] as const),
  [USED_UP, usedUp],
  ["go on", say("Gone on.")],
]);

/** The last text that is a task of ours: Codex puts words of its own before and after it. */
function replyTo({ body }: ModelRequest): Reply {
  const texts = body.input.flatMap(({ content }) => content?.map(({ text = "" }) => text) ?? []);
  return REPLIES.get(texts.findLast((text) => REPLIES.has(text)) ?? "") ?? http(400);
}

interface Result {
  readonly exit_code: number;
  readonly error: { readonly kind: string };
}

/** What the run's folder keeps for programs. */
async function resultOf(report = ""): Promise<Result> {
  return JSON.parse(await readFile(join(dirname(report), "result.json"), "utf8")) as Result;
}
