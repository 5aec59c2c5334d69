/** The oracle's count of messages: which are there for each notice, and which of them nobody can find. */
import type { Notice } from "../../../shared/domain/notices/notice.ts";
import type { MessagePlace } from "../../../shared/ports/messenger.ts";

/** A copy is gone this long after the last fault: Slack reports it within minutes, and notify looks ever less often. */
const COPY_MILLIS = 30 * 60_000;

/** The copies of one subject's messages. */
interface Copies {
  /** By notice key, the places of the messages that are there. */
  readonly places: Map<string, Set<string>>;
  /** How many messages Slack never reports: a copy may be one of them, and stay. */
  untold: number;
}

export class MessageCopies {
  readonly #subjects = new Map<string, Copies>();
  #posted = 0;

  posted({ subject, key }: Notice, place: string): void {
    this.#posted += 1;
    const { places } = this.#of(subject);
    places.set(key, (places.get(key) ?? new Set()).add(place));
  }

  /** @returns the subject of the message that is gone now */
  removed(place: string): string | undefined {
    for (const [subject, { places }] of this.#subjects)
      for (const at of places.values()) if (at.delete(place)) return subject;
    return undefined;
  }

  neverTold(subject: string): void {
    this.#of(subject).untold += 1;
  }

  /** How many messages of a subject are there besides the first of each notice. */
  #repeats(subject: string): number {
    return [...this.#of(subject).places.values()].reduce(
      (all, { size }) => all + Math.max(0, size - 1),
      0,
    );
  }

  /**
   * A sentence about the copies of a subject's messages; undefined where all are explained.
   * @param repeatable how many incidents explain a copy
   * @param calmMillis the time since the last fault
   */
  fault(subject: string, repeatable: number, calmMillis: number): string | undefined {
    const repeats = this.#repeats(subject);
    if (repeats > repeatable)
      return `${subject} has ${repeats} messages twice, and ${repeatable} incidents explain that.`;
    const { untold } = this.#of(subject);
    return calmMillis > COPY_MILLIS && repeats > untold
      ? `${subject} still has ${repeats} messages twice, and Slack never reported ${untold}.`
      : undefined;
  }

  /** How many messages were ever posted, and how many of them besides the first of their notice. */
  get counts(): { readonly messages: number; readonly duplicates: number } {
    const notices = [...this.#subjects.values()].reduce((all, { places }) => all + places.size, 0);
    return { messages: this.#posted, duplicates: this.#posted - notices };
  }

  #of(subject: string): Copies {
    const known = this.#subjects.get(subject) ?? { places: new Map(), untold: 0 };
    this.#subjects.set(subject, known);
    return known;
  }
}

export const placeOf = ({ channel, timestamp }: MessagePlace) => `${channel} ${timestamp}`;
