/** A way in: the signed HTTP API, which the command line uses, or Slack. */
export type Surface = "api" | "slack";
