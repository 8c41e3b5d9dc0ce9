import type { ErrorKind } from "../errors.ts";

/** Where Codex says something: as the error of a turn, in the refusal of a request, on stderr before it is ready. */
export type Occasion = keyof typeof SENTENCES;

/**
 * Every sentence of Codex's own that decides something, from the versions that we work with. What can be typed is not read here:
 * a sentence is the last resort, and one that is not listed decides nothing.
 */
export const SENTENCES = {
  // For versions whose typed field says `other`. Anchored: a model's words never begin like this.
  turn: [
    [/^Missing environment variable: /, "auth"],
    [/^stream disconnected before completion: Rate limit reached/i, "rate_limit"],
    [
      /^stream disconnected before completion: (?:transport error|stream closed|idle timeout|error sending request)/i,
      "network",
    ],
    // What Codex makes of a challenge page.
    [/^Access blocked by Cloudflare\b/, "network"],
    [/^(?:Connection failed|error sending request|Reconnecting)/i, "network"],
    [/^The '[^']+' model is not supported/, "model_unavailable"],
    [/^(?:We're currently experiencing high demand|Selected model is at capacity)/, "overloaded"],
  ],
  refusal: [
    [/no rollout found|invalid (?:session|thread) id|thread not found/i, "session_unknown"],
    [/already has an active writer/i, "session_busy"],
    [/No file descriptors available|Too many open files|No space left on device/i, "system"],
    [/failed to load config/i, "config"],
    [/required MCP servers? failed to (?:initialize|start)/i, "config"],
    // What an administrator has ruled out (requirements.toml) is refused by name: "… invalid value for `sandbox_mode`: …".
    [/^invalid thread settings override.*`sandbox_mode`/s, "sandbox"],
  ],
  start: [
    [/unrecognized subcommand|unexpected argument|unknown command/i, "codex_incompatible"],
    // A setting of an older Codex: the sentence names it.
    [/^Error: .*\b(?:no longer supported|remove this setting|unknown (?:field|key|setting))/im, "config"],
    [/No file descriptors available|Too many open files|No space left on device/i, "system"],
    [/CODEX_HOME|config(?:uration|\.toml)?\b/i, "config"],
    [/failed to initialize sqlite|Permission denied|Read-only file system/i, "config"],
    // What Codex says of a wrong --config, without a word of where it stood.
    [/^Error: (?:unknown variant|invalid (?:type|value)|Model provider)\b/m, "config"],
    [/Missing optional dependency|Cannot find module|Unsupported platform|No such file or directory/i, "codex_missing"],
  ],
} as const satisfies Record<string, readonly (readonly [RegExp, ErrorKind])[]>;

/** The error kind that a sentence of Codex's stands for; null for any other text. */
export function kindSaid(occasion: Occasion, text: string): ErrorKind | null {
  return SENTENCES[occasion].find(([sentence]) => sentence.test(text))?.[1] ?? null;
}

/** The HTTP status in "unexpected status 401 Unauthorized: …" and its like, or null. */
export function statusSaid(text: string): number | null {
  const status = /^(?:exceeded retry limit, last status: |unexpected status )(\d{3})\b/.exec(text)?.[1];
  return status === undefined ? null : Number(status);
}

/** What was not found is a model, not an address. */
export function saysModel(notFound: string): boolean {
  return /\bmodel\b/i.test(notFound);
}

/** Something in between turned us away, for where we call from. */
export function saysBlocked(text: string): boolean {
  return /^Access blocked by Cloudflare\b/.test(text);
}

/** The provider does not serve the country that we call from. */
export function saysRegion(refused: string): boolean {
  return /\b(?:country|countries|region|territory)\b|unsupported_country/i.test(refused);
}

/** Codex waits for the network without counting its tries: this notice comes again and again and never ends by itself. */
export function saysWaitingForNetwork(text: string): boolean {
  return /waiting for network/i.test(text);
}

/** A tool needed an approval, and Codex turned it down itself, as it does where approvals are `never`. */
export function saysNeverApproved(toolError: string): boolean {
  return /\bapproval policy is never\b/i.test(toolError);
}

/** The same of a command. Anchored: what a command printed comes after a header of Codex's own. */
export function saysNeverApprovedFirst(output: string): boolean {
  return /^approval policy is never\b/i.test(output);
}

/** The settings of a turn were refused, as an administrator's rules may demand. */
export function saysSettingsRefused(text: string): boolean {
  return /^invalid thread settings override/.test(text);
}

/** The line of stderr that says most: the first that calls itself an error, else the last one. Empty when there is none. */
export function mainLine(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => /^\s*error\b/i.test(line)) ?? lines.at(-1) ?? "";
}
