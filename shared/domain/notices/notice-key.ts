/** The keys under which a record has its messages. */
import type { Audience, Notice } from "./notice.ts";

/** Before the names of people who are written e-mail. No name and no channel has a colon. */
const MAILBOX = "email:";

/** @param number tells several messages of one kind for one audience apart; a word is about what came of the first */
export const noticeKey = (
  kind: Notice["kind"],
  audience: Audience,
  number?: number | string,
): string => `${kind}${number === undefined ? "" : `-${number}`}@${readerOf(audience)}`;

function readerOf(audience: Audience): string {
  if (audience.kind === "channel") return audience.channel;
  return audience.kind === "mailbox" ? `${MAILBOX}${audience.person}` : audience.person;
}

/** The parts of a key. */
export interface KeyParts {
  readonly kind: string;
  /** The channel, or the person by name. */
  readonly to: string;
  /** Absent for Slack. */
  readonly medium?: "email";
}

/** The parts that `noticeKey` joined. */
export function partsOfKey(key: string): KeyParts {
  const at = key.indexOf("@");
  const [kind, reader] = [key.slice(0, at), key.slice(at + 1)];
  return reader.startsWith(MAILBOX)
    ? { kind, to: reader.slice(MAILBOX.length), medium: "email" }
    : { kind, to: reader };
}
