import type { Notice } from "../domain/notices/notice.ts";

/** A message that exists: enough to update it. */
export interface MessagePlace {
  readonly channel: string;
  readonly timestamp: string;
}

/**
 * A service that sends notices, and may be unable to change what it sent. A message that it cannot take
 * back is noted before it is sent. `test/contracts/sender.contract.ts` says the same in code.
 */
export interface Sender {
  /**
   * Sends a message, of its own or in the thread of one that is there. @returns where it is
   * @throws MessengerBusy for a reason that passes
   * @throws NoticeRefused where this message or this reader cannot be served
   * @throws AppRefused where the service takes no message of ours until somebody repairs that
   */
  send(notice: Notice, thread?: MessagePlace): Promise<MessagePlace>;
}

/**
 * A service that shows notices to people. `test/contracts/messenger.contract.ts` says the same in
 * code, and every implementation passes it.
 *
 * A call that was answered took effect once. A call that was not may have taken effect. Sending
 * again may show a message twice, and updating again changes nothing more.
 */
export interface Messenger extends Sender {
  /**
   * Sends a message, as every sender.
   * @param mark names it, and is in it where people do not see it; see `find`
   */
  send(notice: Notice, thread?: MessagePlace, mark?: string): Promise<MessagePlace>;

  /**
   * Finds the message with this mark, such as one without an answer. Undefined where there is no such message, or
   * the service has not reported it yet. @throws the failure of a table that does not answer
   */
  find(mark: string): Promise<MessagePlace | undefined>;

  /**
   * Takes a message away. One that is gone is no error.
   * @throws MessengerBusy, NoticeRefused, AppRefused as `send`
   */
  remove(place: MessagePlace): Promise<void>;

  /**
   * Makes a message that is there show the notice. Updating to what it shows is no error.
   * @throws MessengerBusy, NoticeRefused, AppRefused as `send`; NoticeRefused also where the message
   *   is gone
   */
  update(place: MessagePlace, notice: Notice): Promise<void>;
}

/**
 * The service does not answer, or asks for patience: try again later. Where it says how long, it has not
 * taken the message.
 */
export class MessengerBusy extends Error {
  override readonly name = "MessengerBusy";
  /** How long the service asks to wait, in seconds; null where it does not say. */
  readonly retryAfterSeconds: number | null;

  constructor(message: string, retryAfterSeconds: number | null, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * This message or this reader is refused: the channel is gone, the app is not invited, the person is
 * unknown. The same again soon is refused again.
 */
export class NoticeRefused extends Error {
  override readonly name = "NoticeRefused";
  /** A stable code that people can look up: `channel-not-found`, `person-unknown`. */
  readonly reason: string;
  /** Whether somebody may repair it: then the same message may be taken later. */
  readonly isRepairable: boolean;

  constructor(
    reason: string,
    message: string,
    { isRepairable = false, ...options }: ErrorOptions & { readonly isRepairable?: boolean } = {},
  ) {
    super(message, options);
    this.reason = reason;
    this.isRepairable = isRepairable;
  }
}

/**
 * The service takes no message of ours: the token is missing, revoked, or lacks a scope. No message
 * is to blame. Each goes out once somebody has repaired it, so that trying again makes sense.
 */
export class AppRefused extends Error {
  override readonly name = "AppRefused";
  /** A stable code that people can look up: `token-revoked`. */
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
