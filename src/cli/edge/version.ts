declare const ASK_CODEX_VERSION: string | undefined;

/** The version of the package, put in by the build; run from source there is none. */
export const VERSION = typeof ASK_CODEX_VERSION === "string" ? ASK_CODEX_VERSION : "0.0.0-source";
