import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type LedgerEntry, ledgerPath } from "../../../src/ledger/ledger.ts";
import { ask } from "../../support/ask.ts";
import { type Browser, openBrowser } from "../../support/machine/chromium.ts";
import { entry, handoffEntry } from "../../support/samples/ledger.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

const HOSTILE = `<script>document.title='mine'</script><img src=x onerror="alert(1)">"'><b>bold</b>`;

/** Ten runs in three days: eight completed without help, of five with checks four right at once, of four handoffs one out of scope. */
const LEDGER: readonly LedgerEntry[] = [
  entry({ time: "2026-03-02T10:00:00.000Z", first_pass: true, role: "writer" }),
  entry({ time: "2026-03-02T11:00:00.000Z", first_pass: true, role: "writer" }),
  entry({ time: "2026-03-02T12:00:00.000Z", first_pass: true, role: "writer", status: "timeout" }),
  entry({ time: "2026-03-02T13:00:00.000Z", first_pass: true, model: HOSTILE, project: `/${HOSTILE}` }),
  entry({ time: "2026-03-04T10:00:00.000Z", first_pass: false, repair_rounds: 1 }),
  entry({ time: "2026-03-04T11:00:00.000Z", asked: 1, role: HOSTILE }),
  handoffEntry([], { time: "2026-03-04T12:00:00.000Z" }),
  handoffEntry([], { time: "2026-03-04T13:00:00.000Z" }),
  handoffEntry(["refs"], { time: "2026-03-04T14:00:00.000Z" }),
  handoffEntry(["scope"], { time: "2026-03-04T15:00:00.000Z" }),
];

/** Opens the page of a ledger, made by the compiled program; resolves with where it is. */
async function show({ page, folder }: Browser, entries: readonly LedgerEntry[]): Promise<string> {
  await using world = await createWorld({ script: [] });
  await mkdir(world.state, { recursive: true });
  await writeFile(ledgerPath(world.state), entries.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const path = join(folder, "stats.html");
  expect(await ask(world, ["stats", "--html", path])).toMatchObject({ code: 0, stderr: "" });
  const { href } = pathToFileURL(path);
  await page.goto(href);
  return href;
}

test("the page asks for nothing but itself, runs no script and complains about nothing", async () => {
  await using browser = await openBrowser();
  const { page } = browser;
  const url = await show(browser, LEDGER);
  expect(await page.title()).toBe("ask_codex: 10 runs, 2026-03-02 to 2026-03-04");
  expect(await page.locator("html").getAttribute("lang")).toBe("en");
  await page.locator("summary").click();
  expect(browser.requests).toEqual([url]);
  expect(browser.complaints).toEqual([]);
  expect(await page.locator("script, iframe, object, [onerror], [onload], [onclick]").count()).toBe(0);
});

describe("the charts have the figures", () => {
  test("of the rates, in words and as long as they are", async () => {
    await using browser = await openBrowser();
    await show(browser, LEDGER);
    const cards = await browser.page.locator(".card").evaluateAll((all) =>
      all.map((card) => {
        const width = (name: string) => card.querySelector(name)?.getBoundingClientRect();
        const [track, value, mark] = [".track", ".value", ".mark"].map(width);
        return {
          title: card.querySelector("h3")?.textContent,
          figure: card.querySelector(".figure")?.textContent,
          words: [...card.querySelectorAll("p:not(.figure)")].map((one) => one.textContent),
          label: card.querySelector("svg")?.getAttribute("aria-label"),
          filled: (value?.width ?? 0) / (track?.width ?? 0),
          mark: ((mark?.x ?? 0) + (mark?.width ?? 0) / 2 - (track?.x ?? 0)) / (track?.width ?? 0),
          begins: (value?.x ?? 0) - (track?.x ?? 0),
        };
      }),
    );
    expect(cards).toEqual([
      {
        title: "Completed without help",
        figure: "80.0 %",
        words: ["8 of 10 runs that ended", "target: over 95 %: ✗ missed by 2 of 10"],
        label: "Completed without help: 80.0 %, 8 of 10 runs that ended; target: over 95 %: missed by 2 of 10",
        filled: expect.closeTo(0.8, 3),
        mark: expect.closeTo(0.95, 3),
        begins: 0,
      },
      {
        title: "Stayed in scope",
        figure: "75.0 %",
        words: ["3 of 4 handoffs", "target: over 95 %: ✗ missed by 1 of 4"],
        label: "Stayed in scope: 75.0 %, 3 of 4 handoffs; target: over 95 %: missed by 1 of 4",
        filled: expect.closeTo(0.75, 3),
        mark: expect.closeTo(0.95, 3),
        begins: 0,
      },
      {
        title: "Right at the first try",
        figure: "80.0 %",
        words: ["4 of 5 runs with checks", "target: over 90 %: ✗ missed by 1 of 5"],
        label: "Right at the first try: 80.0 %, 4 of 5 runs with checks; target: over 90 %: missed by 1 of 5",
        filled: expect.closeTo(0.8, 3),
        mark: expect.closeTo(0.9, 3),
        begins: 0,
      },
    ]);
  });

  test("of the days, stacked, and again in a table", async () => {
    await using browser = await openBrowser();
    const { page } = browser;
    await show(browser, LEDGER);
    const columns = await page.locator("figure:first-of-type .columns g").evaluateAll((all) =>
      all.map((group) => {
        const height = (name: string) => group.querySelector(name)?.getBoundingClientRect().height ?? 0;
        return { title: group.querySelector("title")?.textContent, done: height(".done"), rest: height(".rest") };
      }),
    );
    expect(columns.map(({ title }) => title)).toEqual([
      "2026-03-02: 4 (3 completed without help, 75.0 %)",
      "2026-03-03: 0 (0 completed without help, –)",
      "2026-03-04: 6 (5 completed without help, 83.3 %)",
    ]);
    const one = columns.reduce((most, { done, rest }) => Math.max(most, done + rest), 0) / 6;
    const counts = columns.map(({ done, rest }) => [done / one, rest / one]);
    const near = (...heights: number[]) => heights.map((height) => expect.closeTo(height, 1));
    expect(counts).toEqual([near(3, 1), near(0, 0), near(5, 1)]);
    await page.locator("summary").click();
    expect(await page.locator("details tbody tr").allInnerTexts()).toEqual([
      "2026-03-02\t4\t3\t75.0 %\t440",
      "2026-03-03\t0\t0\t–\t0",
      "2026-03-04\t6\t5\t83.3 %\t660",
    ]);
  });

  inMatrix(() => {
    test("of every group, and a name that is HTML stays text", async () => {
      await using browser = await openBrowser();
      const { page } = browser;
      await show(browser, LEDGER);
      const rows = await page.locator("#by-role + .table tbody tr").evaluateAll((all) =>
        all.map((row) => {
          const width = (name: string) => row.querySelector(name)?.getBoundingClientRect().width ?? 0;
          const texts = [...row.querySelectorAll("td:not(.wide)")].map((cell) => cell.textContent);
          return { texts: texts.slice(0, 5), filled: width(".value") / width(".track") };
        }),
      );
      expect(rows).toEqual([
        { texts: ["no role", "6", "100.0 %", "75.0 %", "50.0 %"], filled: expect.closeTo(1, 3) },
        { texts: ["writer", "3", "66.7 %", "–", "100.0 %"], filled: expect.closeTo(2 / 3, 3) },
        { texts: [HOSTILE, "1", "0.0 %", "–", "–"], filled: 0 },
      ]);
      const names = async (id: string) => page.locator(`#${id} + .table td:first-child`).allTextContents();
      expect(await names("by-model")).toEqual(["a-model", HOSTILE]);
      expect(await names("by-project")).toEqual(["/shop", `/${HOSTILE}`]);
      expect(await page.locator("main b, main img").count()).toBe(0);
    });
  });
});

interface Look {
  readonly width: number;
  readonly scheme: "light" | "dark";
}

const NARROW: Look = { width: 340, scheme: "light" };
const WIDE: readonly Look[] = [
  { width: 1200, scheme: "light" },
  { width: 1200, scheme: "dark" },
];

withCases({ change: [NARROW], matrix: WIDE }, (looks) => {
  test.each(looks)("everything is legible, $scheme and $width pixels wide", async ({ width, scheme }) => {
    await using browser = await openBrowser();
    const { page } = browser;
    await show(browser, LEDGER);
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    const seen: Looks = await page.evaluate(
      await readFile(join(import.meta.dirname, "programs", "page-looks.js"), "utf8"),
    );
    expect(seen.texts.length).toBeGreaterThan(60);
    // What WCAG AA asks of text, and of the parts of a chart.
    expect(seen.texts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
    expect(seen.parts.length).toBeGreaterThan(10);
    expect(seen.parts.filter(({ contrast }) => contrast < 3)).toEqual([]);
    expect(seen.texts.filter(({ size }) => size < 13)).toEqual([]);
    expect(seen.dark).toBe(scheme === "dark");
  });
});

inMatrix(() => {
  test("a ledger with no run of the time makes a page that says so", async () => {
    await using browser = await openBrowser();
    const { page } = browser;
    await show(browser, []);
    expect(await page.title()).toBe("ask_codex: no runs");
    expect(await page.locator("main").textContent()).toContain("Give Codex a task");
    expect(await page.locator("table, .columns, .figure").count()).toBe(0);
    expect(browser.complaints).toEqual([]);
  });
});

test("where there is no Chromium, a test that needs it says how to get it", async () => {
  vi.stubEnv("CHROMIUM", "/nowhere/chromium");
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(openBrowser()).rejects.toThrow(/needs Chromium, .*\/nowhere\/chromium.*apt-get install chromium/);
});

/** What programs/page-looks.js finds. */
interface Looks {
  readonly texts: readonly { readonly text: string; readonly contrast: number; readonly size: number }[];
  readonly parts: readonly { readonly name: string; readonly contrast: number }[];
  readonly dark: boolean;
}
