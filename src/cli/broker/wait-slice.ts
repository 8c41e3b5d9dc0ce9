/** How long one `wait` takes when no one says, in seconds: well within the time that Claude Code gives a command. */
export const WAIT_SLICE = 100;
