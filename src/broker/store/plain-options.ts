import type { MessageOptions } from "./message-options.ts";

/** A message that goes by the session's own settings. */
export const PLAIN: MessageOptions = {
  model: null,
  effort: null,
  sandboxMode: null,
  network: false,
  addDirs: [],
  role: null,
  images: [],
  files: [],
};
