/** How a call to Slack's Web API fails. Neither error holds the token, nor Slack's own sentences. */

/** Slack refuses the call: https://docs.slack.dev/reference/methods lists each method's errors. */
export class SlackRefusal extends Error {
  override readonly name = "SlackRefusal";
  /** Slack's name of the error, such as `channel_not_found`. */
  readonly code: string;

  constructor(method: string, code: string) {
    super(`Slack refuses ${method} with ${code}. Nothing was changed; see timelatch docs runbook.`);
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

/** Slack does not take the token. It may have been replaced since it was read. */
export const TOKEN_REFUSED: ReadonlySet<string> = new Set([
  "account_inactive",
  "invalid_auth",
  "not_authed",
  "token_expired",
  "token_revoked",
]);

/**
 * Refusals of one reader that people of the workspace repair, such as by an invitation. The others are
 * about the message, which is refused the same way again.
 */
export const READER_REFUSED: ReadonlySet<string> = new Set([
  "channel_not_found",
  "is_archived",
  "not_in_channel",
  "restricted_action",
  "user_not_found",
]);

/** Refusals of the app itself: whatever it calls, the answer is the same until somebody repairs that. */
export const APP_REFUSED: ReadonlySet<string> = new Set([
  ...TOKEN_REFUSED,
  "access_denied",
  "ekm_access_denied",
  "missing_scope",
  "no_permission",
  "not_allowed_token_type",
  "org_login_required",
  "team_access_not_granted",
  "token_missing",
  "token_unreadable",
]);
