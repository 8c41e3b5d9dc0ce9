import type { Command, OptionValues } from "@commander-js/extra-typings";

/** What leads to a queue. */
export interface QueueFlags {
  readonly queue?: string | undefined;
  readonly queueKey?: string | undefined;
}

export function addQueueOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option("--queue <url>", "the queue's Redis or Valkey: redis://HOST[:PORT], or rediss:// for TLS")
    .option("--queue-key <file>", "the key that seals what is on it (ask-codex worker --new-key FILE)");
}
