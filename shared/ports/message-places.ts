import type { MessagePlace } from "./messenger.ts";

/**
 * Keeps where messages are, as the service reports it, each by its mark. `test/contracts/message-places.contract.ts` says the same in code.
 */
export interface MessagePlaces {
  /** Keeps the first place that is reported for a mark. A later one changes nothing. */
  put(mark: string, place: MessagePlace): Promise<void>;

  /** The place, read consistently; undefined for an unknown mark, and after a day. */
  find(mark: string): Promise<MessagePlace | undefined>;
}
