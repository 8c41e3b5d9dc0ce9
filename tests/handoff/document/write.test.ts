import { describe, expect, test } from "vitest";
import { parseDocument } from "../../../src/handoff/document/document.ts";
import type { Entry, Handoff } from "../../../src/handoff/document/handoff.ts";
import { toMarkdown, toRequest } from "../../../src/handoff/document/write.ts";
import { randomHandoff } from "../../support/samples/random-handoff.ts";

const SEEDS = Array.from({ length: 300 }, (_, seed) => seed);

/** Without the lines: they are the document's, not the handoff's. */
function bare(handoff: Handoff | undefined) {
  const unplaced = (entries: readonly Entry[] = []) => entries.map(({ text }) => text);
  return { ...handoff, tasks: unplaced(handoff?.tasks), criteria: unplaced(handoff?.criteria) };
}

async function read(text: string): Promise<Handoff> {
  const parsed = await parseDocument(text);
  if (parsed.document === null) throw new Error(`${JSON.stringify(parsed.gaps)}\n${text}`);
  return parsed.document.handoff;
}

describe("whatever a handoff says", () => {
  test("a markdown document says it as well", async () => {
    for (const seed of SEEDS) {
      const handoff = randomHandoff(seed);
      // A title of the notes' own becomes the title.
      const expected = handoff.title === "" ? await read(toMarkdown(handoff)) : handoff;
      expect(bare(await read(toMarkdown(expected))), `seed ${seed}`).toEqual(bare(expected));
    }
  });

  test("a task request says it as well", async () => {
    for (const seed of SEEDS) {
      const handoff = randomHandoff(seed);
      const expected = handoff.title === "" ? await read(toRequest(handoff)) : handoff;
      expect(bare(await read(toRequest(expected))), `seed ${seed}`).toEqual(bare(expected));
    }
  });

  test("nothing is lost on the way from one form into the other, to and fro", async () => {
    for (const seed of SEEDS) {
      const request = toRequest(await read(toMarkdown(randomHandoff(seed))));
      expect(toRequest(await read(toMarkdown(await read(request)))), `seed ${seed}`).toBe(request);
      const markdown = toMarkdown(await read(request));
      expect(toMarkdown(await read(toRequest(await read(markdown)))), `seed ${seed}`).toBe(markdown);
    }
  });

  test("its front matter holds nothing that another reader of YAML would take for a line end or refuse", () => {
    for (const seed of SEEDS) {
      const front = toMarkdown(randomHandoff(seed)).split("\n---\n", 1)[0];
      expect(front, `seed ${seed}`).not.toMatch(/[\u007f-\u009f\u2028\u2029]/);
    }
  });

  test("Windows line ends and a byte order mark change nothing", async () => {
    for (const seed of SEEDS.slice(0, 100)) {
      const text = toMarkdown(randomHandoff(seed));
      expect(await read(`\uFEFF${text.replaceAll("\n", "\r\n")}`)).toEqual(await read(text));
    }
  });
});
