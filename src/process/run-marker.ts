/** The environment variable that holds a run's id in every process of that run: it finds what left the process group. */
export const RUN_MARKER = "ASK_CODEX_RUN";
