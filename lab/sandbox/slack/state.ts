import { randomBytes } from "node:crypto";
import type { Store } from "../aws/store.ts";
import type { JsonObject } from "./blocks/check.ts";
import type { Directory, UserFlags } from "./directory.ts";

/** The state of the workspace. Times are milliseconds since 1970. */
export interface SlackState {
  /** The holder may act as anybody through the page. */
  readonly pageToken: string;
  messages: StoredMessage[];
  triggers: Record<string, StoredTrigger>;
  /** By the last part of the address. */
  responseUrls: Record<string, StoredResponseUrl>;
  views: Record<string, StoredView>;
  /** Open modals by person, the undermost first. */
  modals: Record<string, readonly string[]>;
  /** App Home by person. */
  homes: Record<string, string>;
  /** The flags that tests set on people, by id. */
  userFlags: Record<string, UserFlags>;
  /** The last message's time in microseconds: no two messages have the same. */
  lastTs: number;
  lastId: number;
}

export interface StoredMessage {
  readonly channel: string;
  /** `1764095400.000100`: seconds and microseconds, and the message's name in its channel. */
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly edited: boolean;
  /** The message that this one answers. */
  readonly threadTs?: string;
  /** The only person who sees it. */
  readonly onlyFor?: string;
  readonly metadata?: MessageMetadata;
}

/** A message's part for apps, which people do not see. */
export interface MessageMetadata {
  readonly eventType: string;
  readonly payload: JsonObject;
}

interface StoredTrigger {
  readonly userId: string;
  readonly issuedAt: number;
  readonly exchanged: boolean;
}

export interface StoredResponseUrl {
  readonly userId: string;
  readonly channel: string;
  /** The message that the interaction stands in; absent for a command. */
  readonly messageTs?: string;
  readonly issuedAt: number;
  readonly posts: number;
}

export interface StoredView {
  readonly id: string;
  readonly userId: string;
  /** As the app gave it, with the ids that it left out. */
  readonly content: JsonObject;
  readonly hash: string;
  readonly rootId: string;
  readonly previousId: string | null;
}

/** The context of every part of the emulated Slack. */
export interface SlackContext {
  readonly store: Store<SlackState>;
  readonly directory: Directory;
  readonly now: () => Date;
  /** The address of the emulated Slack, without a path. */
  readonly slackUrl: string;
}

export const initialSlackState = (): SlackState => ({
  pageToken: randomBytes(16).toString("hex"),
  messages: [],
  triggers: {},
  responseUrls: {},
  views: {},
  modals: {},
  homes: {},
  userFlags: {},
  lastTs: 0,
  lastId: 0,
});

/** A new id such as `V0000000007`. */
export function newId(state: SlackState, prefix: string): string {
  state.lastId += 1;
  return `${prefix}${String(state.lastId).padStart(10, "0")}`;
}

/** The next message's time: later than that of every other. */
export function newTs(state: SlackState, now: Date): string {
  state.lastTs = Math.max(state.lastTs + 1, now.getTime() * 1_000);
  const seconds = Math.floor(state.lastTs / 1_000_000);
  return `${seconds}.${String(state.lastTs % 1_000_000).padStart(6, "0")}`;
}
