import type { UnknownWhy } from "../domain/facts/schedule-reading.ts";

/** Why a service outside gave no answer that anybody may lean on: what an operator needs to know. */
export type NoAnswerReason =
  /** It took longer than it may. */
  | "too-slow"
  | "unreachable"
  /** The answer is larger than it may be. */
  | "too-large"
  /** It sends us elsewhere, and nothing is followed. */
  | "redirected"
  /** It asks for patience. */
  | "busy"
  /** It answers an error of its own, 500 or above. */
  | "failing"
  /** Nobody has stored the token. */
  | "token-missing"
  /** Parameter Store does not give the token. */
  | "token-unreadable"
  /** It does not take the token, which may have been revoked or have expired. */
  | "token-refused"
  /** It takes the token, and does not let it read this. */
  | "forbidden"
  /** It says that there is no such thing, or hides it from this token. */
  | "gone"
  /** Its clock and ours are minutes apart. */
  | "clock-apart"
  /** The answer has another form than the service documents. */
  | "odd";

/** The same for whoever judges. */
const UNKNOWN: Readonly<Record<NoAnswerReason, UnknownWhy>> = {
  "too-slow": "unreachable",
  unreachable: "unreachable",
  "too-large": "unclear",
  redirected: "unclear",
  busy: "busy",
  failing: "failing",
  "token-missing": "denied",
  "token-unreadable": "denied",
  "token-refused": "denied",
  forbidden: "denied",
  gone: "gone",
  "clock-apart": "unclear",
  odd: "unclear",
};

/**
 * A service gave no answer. The message holds neither the token nor words of the service: both might
 * come before people whom they are not for.
 */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly why: NoAnswerReason;
  /** How long the service asks to wait, in seconds; null where it does not say. */
  readonly retryAfterSeconds: number | null;

  constructor(why: NoAnswerReason, retryAfterSeconds: number | null = null) {
    super(`No answer that counts: ${why}. Nothing was changed.`);
    this.why = why;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get unknown(): UnknownWhy {
    return UNKNOWN[this.why];
  }
}
