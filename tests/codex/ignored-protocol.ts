/** Notifications of Codex that no run goes by, each with the reason. */
export const IGNORED_NOTIFICATIONS: Readonly<Record<string, string>> = {
  ...because("it is about the account or another window of the user's, not about a turn", [
    "account/gatewayOAuth/changed",
    "account/login/completed",
    "account/updated",
    "app/list/updated",
    "externalAgentConfig/import/completed",
    "externalAgentConfig/import/progress",
    "project/changed",
    "remoteControl/status/changed",
    "skills/changed",
    "thread/archived",
    "thread/attachment/updated",
    "thread/deleted",
    "thread/name/updated",
    "thread/prediction/updated",
    "thread/project/updated",
    "thread/readState/changed",
    "thread/section/changed",
    "thread/unarchived",
  ]),
  ...because("it answers a request that we never make", [
    "command/exec/outputDelta",
    "fs/changed",
    "fuzzyFileSearch/sessionCompleted",
    "fuzzyFileSearch/sessionUpdated",
    "mcpServer/event/stream/notification",
    "mcpServer/oauthLogin/completed",
    "process/exited",
    "process/outputDelta",
    "thread/queue/changed",
    "thread/realtime/closed",
    "thread/realtime/error",
    "thread/realtime/item/completed",
    "thread/realtime/item/started",
    "thread/realtime/item/transcript/delta",
    "thread/realtime/itemAdded",
    "thread/realtime/outputAudio/delta",
    "thread/realtime/sdp",
    "thread/realtime/started",
    "thread/realtime/transcript/delta",
    "thread/realtime/transcript/done",
    "thread/reverted",
    "thread/search/partial",
  ]),
  ...because("what it says is in the items, the settings or the end of the turn as well", [
    "hook/completed",
    "hook/started",
    "item/autoApprovalReview/completed",
    "item/autoApprovalReview/started",
    "autoApprovalReview/strictReviewRequired",
    "mcpServer/startupStatus/updated",
    "model/safetyBuffering/updated",
    "model/verification",
    "modelProvider/authRecoveryCompleted",
    "modelProvider/authRecoveryStarted",
    "rawResponse/completed",
    "rawResponseItem/completed",
    "thread/compacted",
    "thread/started",
    "turn/moderationMetadata",
  ]),
  ...because("it covers edits by apply_patch alone; git says what changed", ["turn/diff/updated"]),
  ...because("our threads run on this machine only", [
    "thread/environment/connected",
    "thread/environment/disconnected",
  ]),
  ...because("Windows is not supported", ["windows/worldWritableWarning", "windowsSandbox/setupCompleted"]),
};

/** Items of which no run needs more than that they begin and end, which counts as progress. */
export const IGNORED_ITEMS: Readonly<Record<string, string>> = {
  ...because("it is what we sent, or what Codex added to it", ["userMessage", "hookPrompt"]),
  ...because("it is Codex's own way of working, without effect outside the thread", [
    "contextCompaction",
    "functionCallOutput",
    "imageView",
    "reasoning",
    "sleep",
  ]),
  ...because("git says what changed", ["imageGeneration"]),
  ...because("turns run in the default mode, where plans come as turn/plan/updated", ["plan"]),
  ...because("we start no review of Codex's own", ["enteredReviewMode", "exitedReviewMode"]),
};

/** Requests of Codex that are refused by name. */
export const REFUSED_REQUESTS: Readonly<Record<string, string>> = because(
  "only an app that holds the login can answer it",
  ["account/chatgptAuthTokens/refresh", "attestation/generate"],
);

function because(reason: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, reason]));
}
