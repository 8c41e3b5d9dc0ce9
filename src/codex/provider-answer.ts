import type { TurnError } from "./messages.ts";
import { statusSaid } from "./sentences.ts";

/** What a model provider answered, taken out of the message in which Codex hands it on. */
export interface ProviderAnswer {
  readonly httpStatus: number | null;
  /** Its sentence; of an HTML page, the title and never the markup. */
  readonly sentence: string;
  /** Its own names for the error (`insufficient_quota`), from the most exact on. */
  readonly codes: readonly string[];
  /** The answer is a page for a browser: it comes from something in between (a challenge, a proxy), not from the model's API. */
  readonly isPage: boolean;
}

/**
 * Codex hands on a whole JSON body as its message, or puts a body between "unexpected status 402 …: " and ", url: …". The forms:
 * `{error: {code, message, type}}`, `{detail: "…"}`, `{detail: {code, message}}`, `{message}`, `{error: "…"}`.
 */
export function readProviderAnswer({ message }: Pick<TurnError, "message">): ProviderAnswer {
  const httpStatus = statusSaid(message);
  const body = httpStatus === null ? message.trim() : bodyOf(message);
  if (/^<(?:!doctype|html|head|\?xml)/i.test(body)) {
    const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1]?.replace(/\s+/g, " ").trim();
    const page = title ? `an HTML page ("${title}")` : "an HTML page";
    return { httpStatus, sentence: `the answer was ${page} instead of the API's`, codes: [], isPage: true };
  }
  const parts = partsOf(parseJson(body.slice(body.indexOf("{"))));
  const sentence = parts.map(({ message: said, detail, error }) => [said, detail, error].find(isText)).find(isText);
  const codes = parts.flatMap(({ code, type }) => [code, type].filter(isText));
  return { httpStatus, sentence: sentence ?? message, codes, isPage: false };
}

function bodyOf(message: string): string {
  const from = message.indexOf(": ");
  const to = message.lastIndexOf(", url: ");
  return message.slice(from + 2, to > from ? to : undefined).trim();
}

type Part = Readonly<Record<string, unknown>>;

/** The object and those that may be in it, the inmost first: it is the most exact. */
function partsOf(value: unknown): readonly Part[] {
  if (!isObject(value)) return [];
  const inner = [value["error"], value["detail"]].filter(isObject);
  return [...inner.flatMap(partsOf), value];
}

function isObject(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
