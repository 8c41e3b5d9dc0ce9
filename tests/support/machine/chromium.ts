import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { TEST_RUN_MARKER, testRun } from "../setup/test-run.ts";
import { removeFolder } from "../temp-folder.ts";

export interface Browser extends AsyncDisposable {
  readonly page: Page;
  /** For what the test writes: it goes with the browser. */
  readonly folder: string;
  /** Everything that pages asked for, the pages themselves included. */
  readonly requests: readonly string[];
  /** What pages complained about: console, exceptions. */
  readonly complaints: readonly string[];
}

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Headless Chromium, which is gone with all that it wrote at the end of the scope. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  // Its sockets are in there, and a checkout may lie too deep for the path of one (108 bytes).
  const home = await mkdtemp(join(tmpdir(), "ask-codex-"));
  const requests: string[] = [];
  const complaints: string[] = [];
  let context: BrowserContext | undefined;
  try {
    context = await chromium.launchPersistentContext(join(home, "profile"), {
      executablePath,
      // Nothing of whoever runs the tests, and the mark by which a browser that was left behind is found.
      env: { PATH: process.env["PATH"] ?? "", HOME: home, TMPDIR: home, [TEST_RUN_MARKER]: testRun() },
      args: QUIET,
      viewport: { width: 1200, height: 900 },
    });
    const page = context.pages()[0] ?? (await context.newPage());
    context.on("request", (request) => requests.push(request.url()));
    context.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    context.on("weberror", (error) => complaints.push(String(error.error())));
    const opened = context;
    return {
      ...{ page, folder: home, requests, complaints },
      async [Symbol.asyncDispose]() {
        await opened.close();
        await removeFolder(home);
      },
    };
  } catch (error) {
    await context?.close();
    await removeFolder(home);
    throw error;
  }
}

// It says nothing to anybody, and root has no sandbox to offer.
const QUIET = [
  ..."--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split(" "),
  ..."--disable-component-update --disable-sync".split(" "),
];

function findChromium(): string {
  const named = process.env["CHROMIUM"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const places = named ? [named] : folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  const where = named ? `$CHROMIUM is ${named}, and nothing is there` : "there is no chromium on PATH";
  throw new Error(
    `This test needs Chromium, and ${where}: install it (Debian: apt-get install chromium) or set CHROMIUM.`,
  );
}
