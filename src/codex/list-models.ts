import * as z from "zod/mini";
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

/** The models that Codex offers with its configured provider, and the efforts of each. */
export async function listModels({ connection }: Pick<AppServer, "connection">): Promise<readonly ListedModel[]> {
  const models: ListedModel[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { data, nextCursor }: z.infer<typeof answer> = await connection.request(
      "model/list",
      { limit: 100, cursor },
      answer,
    );
    models.push(...data);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return models;
}

/**
 * What of a turn's settings Codex does not list, in words; null where all is listed. A model that is not listed may be a provider's own,
 * whose efforts are then compared with those of all models.
 */
export function unlistedWords(
  models: readonly ListedModel[],
  { model, effort }: Pick<TurnSettings, "model" | "effort">,
): string | null {
  if (models.length === 0 || effort === null) return null;
  const own = models.find((one) => one.model === model);
  const efforts = [...new Set((own === undefined ? models : [own]).flatMap(effortsOf))];
  if (efforts.includes(effort)) return null;
  return `Codex does not list the effort ${effort}${own === undefined ? "" : ` for ${model}`}, only ${efforts.join(", ")}`;
}

/** The efforts that a model takes. */
export function effortsOf({ supportedReasoningEfforts }: ListedModel): readonly string[] {
  return supportedReasoningEfforts.map(({ reasoningEffort }) => reasoningEffort);
}
