import { describe, expect } from "vitest";
import { parseDocument } from "../../../src/handoff/document/document.ts";
import type { Handoff, ListEntry } from "../../../src/handoff/document/handoff.ts";
import { toMarkdown, toRequest } from "../../../src/handoff/document/write.ts";
import { handoffs } from "../../support/samples/random-handoff.ts";
import { testAtRandom } from "../../support/trials.ts";

/** Without the lines: they are the document's, not the handoff's. */
function bare(handoff: Handoff | undefined) {
  const unplaced = (entries: readonly ListEntry[] = []) => entries.map(({ text }) => text);
  return { ...handoff, tasks: unplaced(handoff?.tasks), criteria: unplaced(handoff?.criteria) };
}

async function read(text: string): Promise<Handoff> {
  const parsed = await parseDocument(text);
  if (parsed.document === null) throw new Error(`${JSON.stringify(parsed.gaps)}\n${text}`);
  return parsed.document.handoff;
}

const DRAWS = { change: 100, full: 3_000 };

describe("whatever a handoff says", () => {
  testAtRandom("a markdown document says it as well", DRAWS, handoffs(), async (handoff) => {
    // A title of the notes' own becomes the title.
    const expected = handoff.title === "" ? await read(toMarkdown(handoff)) : handoff;
    expect(bare(await read(toMarkdown(expected)))).toEqual(bare(expected));
  });

  testAtRandom("a task request says it as well", DRAWS, handoffs(), async (handoff) => {
    const expected = handoff.title === "" ? await read(toRequest(handoff)) : handoff;
    expect(bare(await read(toRequest(expected)))).toEqual(bare(expected));
  });

  testAtRandom(
    "nothing is lost on the way from one form into the other, to and fro",
    DRAWS,
    handoffs(),
    async (handoff) => {
      const request = toRequest(await read(toMarkdown(handoff)));
      expect(toRequest(await read(toMarkdown(await read(request))))).toBe(request);
      const markdown = toMarkdown(await read(request));
      expect(toMarkdown(await read(toRequest(await read(markdown))))).toBe(markdown);
    },
  );

  const title = "its front matter holds nothing that another reader of YAML would take for a line end or refuse";
  testAtRandom(title, DRAWS, handoffs(), (handoff) => {
    expect(toMarkdown(handoff).split("\n---\n", 1)[0]).not.toMatch(/[\u007f-\u009f\u2028\u2029]/);
  });

  testAtRandom("Windows line ends and a byte order mark change nothing", DRAWS, handoffs(), async (handoff) => {
    const text = toMarkdown(handoff);
    expect(await read(`\uFEFF${text.replaceAll("\n", "\r\n")}`)).toEqual(await read(text));
  });
});
