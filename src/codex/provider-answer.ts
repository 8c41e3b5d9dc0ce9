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
 * `{error: {code, message, type}}`, `{detail: "…"}`, `{detail: {code, message}}`, `{message}`, `{error: "…"}`, `{errors: […]}`, and a
 * list of such. A long body is cut by Codex: then what there is of it counts.
 */
export function readProviderAnswer({ message }: Pick<TurnError, "message">): ProviderAnswer {
  const httpStatus = statusSaid(message);
  const body = httpStatus === null ? message.trim() : bodyOf(message);
  if (/^(?:<!--[\s\S]*?-->\s*)*<(?:!doctype|html|head|body|center|title|script|\?xml)\b/i.test(body)) {
    const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1]?.replace(/\s+/g, " ").trim();
    const page = title ? `an HTML page ("${title}")` : "an HTML page";
    return { httpStatus, sentence: `the answer was ${page} instead of the API's`, codes: [], isPage: true };
  }
  const parts = partsOf(jsonIn(body));
  const sentence = parts
    .map(({ message: said, msg, detail, error }) => [said, msg, detail, error].find(isText))
    .find(isText);
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
  if (Array.isArray(value)) return value.flatMap(partsOf);
  if (!isObject(value)) return [];
  const inner = [value["error"], value["errors"], value["detail"]].filter((one) => typeof one === "object");
  return [...inner.flatMap(partsOf), value];
}

function jsonIn(body: string): unknown {
  return parseJson(body.slice(body.indexOf("{"))) ?? parseJson(body.slice(body.indexOf("["))) ?? beginningOf(body);
}

/** What can be read of JSON whose end is missing: the first of each text that we look for. */
function beginningOf(body: string): Part | undefined {
  if (!/^\s*[[{]/.test(body)) return undefined;
  const texts = ["message", "msg", "detail", "code", "type"].flatMap((name) => {
    const found = new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"?)`).exec(body)?.[1];
    const text = found === undefined ? undefined : (parseJson(found) ?? parseJson(`${found}"`));
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(texts);
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
