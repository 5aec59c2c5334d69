/** How a call to Slack's Web API fails. Neither error holds the token, nor Slack's own sentences. */

/** Slack refuses the call: https://docs.slack.dev/reference/methods lists each method's errors. */
export class SlackRefusal extends Error {
  override readonly name = "SlackRefusal";
  /** Slack's name of the error, such as `channel_not_found`. */
  readonly code: string;

  constructor(method: string, code: string) {
    super(`Slack refuses ${method} with ${code}. Nothing was changed; see docs/runbook.md.`);
    this.code = code;
  }
}

/** Slack gives no answer, or asks for patience. Without an answer, the call may have taken effect. */
export class SlackBusy extends Error {
  override readonly name = "SlackBusy";
  /** How long Slack asks to wait, in seconds; null where it does not say. */
  readonly retryAfterSeconds: number | null;

  constructor(method: string, why: string, retryAfterSeconds: number | null) {
    super(
      `Slack has not answered ${method}: ${why}. It may not have taken effect; try again later.`,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
