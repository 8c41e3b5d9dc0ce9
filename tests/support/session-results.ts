import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AskJson } from "./ask.ts";
import type { Broker, SessionEventJson } from "./broker.ts";

/** The payloads of all events of one type in a session's journal, oldest first. */
export async function payloadsOf(
  broker: Broker,
  id: string,
  type: string,
): Promise<readonly SessionEventJson["payload"][]> {
  return (await broker.events(id)).filter((event) => event.type === type).map(({ payload }) => payload);
}

/** result.json of every run of a session that has ended, oldest first. */
export async function resultsOf(broker: Broker, id: string): Promise<readonly AskJson[]> {
  const finished = await payloadsOf(broker, id, "run_finished");
  const files = finished.map(({ run_id }) => join(broker.folder(id), "runs", String(run_id), "result.json"));
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(file, "utf8")) as AskJson));
}
