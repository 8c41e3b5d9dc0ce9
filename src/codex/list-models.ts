import * as z from "zod/mini";
import { nearest } from "../text/nearest.ts";
import { firstOf } from "../text/words.ts";
import type { AppServer } from "./app-server.ts";
import type { TurnSettings } from "./settings.ts";

/** A model as Codex lists it. */
export interface ListedModel {
  readonly model: string;
  readonly displayName: string;
  readonly isDefault: boolean;
  readonly defaultReasoningEffort: string;
  readonly supportedReasoningEfforts: readonly { readonly reasoningEffort: string }[];
}

const listed: z.ZodMiniType<ListedModel> = z.object({
  model: z.string(),
  displayName: z.string(),
  isDefault: z.boolean(),
  defaultReasoningEffort: z.string(),
  supportedReasoningEfforts: z.array(z.object({ reasoningEffort: z.string() })),
});

const answer = z.object({ data: z.array(listed), nextCursor: z._default(z.nullable(z.string()), null) });

// A hundred models a page; more pages than these no provider has.
const MOST_PAGES = 10;

/** The models that Codex offers with its configured provider, and the efforts of each. `hidden`: also those that it does not show in a picker. */
export async function listModels(
  { connection }: Pick<AppServer, "connection">,
  { hidden }: { readonly hidden: boolean },
): Promise<readonly ListedModel[]> {
  const models: ListedModel[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { data, nextCursor }: z.infer<typeof answer> = await connection.request(
      "model/list",
      { limit: 100, cursor, includeHidden: hidden },
      answer,
    );
    models.push(...data);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return models;
}

/** What was asked of a model, and whether its provider is Codex's own: only then does Codex's list have all there is. */
export interface AskedModel {
  readonly model: string | null;
  readonly effort: string | null;
  readonly ownProvider: boolean;
}

/**
 * What of the settings that were asked for Codex does not list, in words, with what may have been meant. A model that is not listed may be
 * a provider's own, whose efforts are then compared with those of all models.
 */
export function unlistedWords(
  models: readonly ListedModel[],
  turn: Pick<TurnSettings, "model">,
  { model, effort, ownProvider }: AskedModel,
): readonly string[] {
  if (models.length === 0) return [];
  const own = models.find((one) => one.model === turn.model);
  const efforts = [...new Set((own === undefined ? models : [own]).flatMap(effortsOf))];
  const names = models.map((one) => one.model);
  const words: string[] = [];
  if (ownProvider && model !== null && own === undefined)
    words.push(`Codex does not list the model ${model}${meant(model, names) || `, only ${firstOf(names)}`}`);
  if (effort !== null && !efforts.includes(effort))
    words.push(
      `Codex does not list the effort ${effort}${own === undefined ? "" : ` for ${own.model}`}, only ${efforts.join(", ")}${meant(effort, efforts)}`,
    );
  return words;
}

function meant(word: string, known: readonly string[]): string {
  const [name] = nearest(word, known);
  return name === undefined ? "" : `. Did you mean ${name}?`;
}

/** The efforts that a model takes. */
export function effortsOf({ supportedReasoningEfforts }: ListedModel): readonly string[] {
  return supportedReasoningEfforts.map(({ reasoningEffort }) => reasoningEffort);
}
