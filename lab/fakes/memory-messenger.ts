import type { Notice } from "../../shared/domain/notices/notice.ts";
import {
  AppRefused,
  type MessagePlace,
  type Messenger,
  MessengerBusy,
  NoticeRefused,
} from "../../shared/ports/messenger.ts";

/** One message, as its readers see it. */
interface ShownMessage extends MessagePlace {
  readonly notice: Notice;
  readonly updates: number;
  /** The timestamp of the message in whose thread it is. */
  readonly thread?: string;
  readonly mark?: string;
}

/** The service's behaviour for the next calls. */
type Trouble =
  /** It does not take the call. */
  | { readonly kind: "busy"; readonly retryAfterSeconds: number | null }
  /** It takes the call, and the answer is lost. */
  | { readonly kind: "answer-lost" }
  | { readonly kind: "refused"; readonly reason: string; readonly isRepairable?: boolean }
  /** It takes no message at all. */
  | { readonly kind: "app-refused"; readonly reason: string };

export interface MemoryMessenger extends Messenger {
  /** Whether it tells where marked messages are. It does unless a test says otherwise. */
  tells: boolean;
  /** Every message that is there, oldest first. */
  readonly shown: readonly ShownMessage[];
  /** Lets the next `calls` calls fail. With a key, only those for its audience fail. */
  trouble(trouble: Trouble, calls: number, key?: string): void;
  /** Ends every trouble. */
  recover(): void;
}

/** A messaging service in memory. Each call takes effect at once and as a whole. */
export function memoryMessenger(): MemoryMessenger {
  const shown: ShownMessage[] = [];
  const troubles: { trouble: Trouble; left: number; key: string | undefined }[] = [];

  const nextTrouble = (key: string): Trouble | undefined => {
    const found = troubles.find((each) => each.left > 0 && (each.key ?? key) === key);
    if (found) found.left -= 1;
    return found?.trouble;
  };
  /** Never given twice, not even once a message is gone. */
  let posted = 0;
  const call = <Answer>(key: string, apply: () => Answer): Answer => {
    const trouble = nextTrouble(key);
    if (trouble?.kind === "busy")
      throw new MessengerBusy("The service is busy.", trouble.retryAfterSeconds);
    if (trouble?.kind === "refused")
      throw new NoticeRefused(trouble.reason, `The service answers ${trouble.reason}.`, {
        isRepairable: trouble.isRepairable ?? false,
      });
    if (trouble?.kind === "app-refused")
      throw new AppRefused(trouble.reason, `The service answers ${trouble.reason}.`);
    const answer = apply();
    if (trouble?.kind === "answer-lost") throw new MessengerBusy("The answer was lost.", null);
    return answer;
  };

  const messenger: MemoryMessenger = {
    shown,
    trouble: (trouble, left, key) => troubles.push({ trouble, left, key }),
    recover: () => {
      troubles.length = 0;
    },

    tells: true,

    send: async (notice, thread, mark) =>
      call(notice.key, () => {
        const { audience } = notice;
        const to = audience.kind === "channel" ? audience.channel : `D-${audience.person}`;
        posted += 1;
        const place = { channel: thread?.channel ?? to, timestamp: String(posted) };
        if (thread && !shown.some(({ timestamp }) => timestamp === thread.timestamp))
          throw new NoticeRefused("thread-not-found", "The message that it answers is gone.");
        const within = thread ? { thread: thread.timestamp } : {};
        shown.push({ ...place, notice, updates: 0, ...within, ...(mark && { mark }) });
        return place;
      }),

    find: async (mark) => {
      const found = messenger.tells ? shown.find((each) => each.mark === mark) : undefined;
      return found && { channel: found.channel, timestamp: found.timestamp };
    },

    remove: async ({ channel, timestamp }) =>
      call("", () => {
        const at = shown.findIndex(
          (each) => each.channel === channel && each.timestamp === timestamp,
        );
        if (at >= 0) shown.splice(at, 1);
      }),

    update: async (place, notice) =>
      call(notice.key, () => {
        const at = shown.findIndex(
          ({ channel, timestamp }) => channel === place.channel && timestamp === place.timestamp,
        );
        const message = shown[at];
        if (!message) throw new NoticeRefused("message-not-found", "The message is gone.");
        shown[at] = { ...message, notice, updates: message.updates + 1 };
      }),
  };
  return messenger;
}
