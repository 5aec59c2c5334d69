/**
 * Cursors of lists, sealed with AES-256-GCM (NIST SP 800-38D). A cursor holds the place where the
 * next page starts. That place may be an item that the caller may not see. So nobody can read the
 * cursor, change it, give it to somebody else, or use it for another list.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { BrokerError } from "../../domain/values/errors.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { CursorKeys } from "../../ports/cursor-keys.ts";

/** How long a cursor is good for. */
export const CURSOR_SECONDS = 3_600;

/** The person and the list of a cursor: it is of use to nobody else, and in no other list. */
export interface CursorScope {
  readonly person: string;
  /** The operation, and every parameter that selects what is in the list. */
  readonly list: readonly string[];
}

const CIPHER = "aes-256-gcm";
const DAY = "2026-11-24".length;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Ours are below 300 characters. */
const LONGEST = 1_024;

/** The cursor for the page after `place`; its day stands before the dot. `now` is an instant. */
export async function sealCursor(
  keys: CursorKeys,
  scope: CursorScope,
  place: string,
  now: string,
): Promise<string> {
  const day = now.slice(0, DAY);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, await keys.keyFor(day), iv);
  cipher.setAAD(boundTo(scope, day));
  const until = plusSeconds(now, CURSOR_SECONDS);
  const sealed = Buffer.concat([cipher.update(JSON.stringify([until, place])), cipher.final()]);
  return `${day}.${Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString("base64url")}`;
}

/** The place in a cursor. @throws BrokerError `invalid-cursor` for any other text, and for an old one */
export async function openCursor(
  keys: CursorKeys,
  scope: CursorScope,
  cursor: string,
  now: string,
): Promise<string> {
  const form = /^(\d{4}-\d{2}-\d{2})\.([\w-]+)$/.exec(cursor);
  if (!form || cursor.length > LONGEST) throw notOurs();
  const [, day = "", text = ""] = form;
  if (!isRecent(day, now)) throw tooOld();
  const key = await keys.findKey(day);
  const opened = key && decrypted(key, boundTo(scope, day), Buffer.from(text, "base64url"));
  if (opened === undefined) throw notOurs();
  const [until, place] = JSON.parse(opened) as readonly [string, string];
  if (until <= now) throw tooOld();
  return place;
}

/** Whether a cursor of that day can still be good: no key is looked for otherwise. */
const isRecent = (day: string, now: string): boolean =>
  [now, plusSeconds(now, -CURSOR_SECONDS)].some((instant) => instant.slice(0, DAY) === day);

const boundTo = ({ person, list }: CursorScope, day: string) =>
  Buffer.from(JSON.stringify([day, person, ...list]));

function decrypted(key: Uint8Array, bound: Buffer, bytes: Buffer): string | undefined {
  if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
  try {
    const iv = bytes.subarray(0, IV_BYTES);
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(bound).setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString();
  } catch {
    return undefined;
  }
}

const notOurs = () =>
  new BrokerError(
    "invalid-cursor",
    "The cursor is not one that you were given for this list. Nothing was read; leave it out to start at the first page.",
  );

const tooOld = () =>
  new BrokerError(
    "invalid-cursor",
    `The cursor is older than ${CURSOR_SECONDS / 60} minutes. Nothing was read; leave it out to start at the first page.`,
  );
