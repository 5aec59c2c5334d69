/** Judges the messages and events about requests and findings. */
import type { BusEvent } from "../../../shared/domain/notices/bus-event.ts";
import type { Notice } from "../../../shared/domain/notices/notice.ts";
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import { NO_STOPS, type Stopped, type StopRecord } from "../../../shared/domain/stops/stops.ts";
import type { MessagePlace } from "../../../shared/ports/messenger.ts";
import type { Ending } from "../invocation.ts";
import { instantOf } from "../virtual-time.ts";
import { AskWatch } from "./asking.ts";
import type { NoticeBounds } from "./bounds.ts";
import type { Facts } from "./facts.ts";
import { MessageCopies, placeOf } from "./message-copies.ts";
import {
  contentOf,
  keepLastRefusals,
  latestOf,
  type Missing,
  missingEvents,
  missingMessage,
  type NoticeCounts,
  type NoticeTruth,
  newNoticeTruth,
  seenUntil,
  stoppedAt,
} from "./notice-truth.ts";
import { isDocumented } from "./runs.ts";
import { noticeSays, requestSays, type StoredSubject, storedRequest } from "./stored-subject.ts";

export class NoticeWatch {
  readonly #facts: Facts;
  readonly #bounds: NoticeBounds;
  readonly asks: AskWatch;
  readonly copies = new MessageCopies();
  readonly #truths = new Map<string, NoticeTruth>();
  /** By place, what each message in Slack shows. */
  readonly #messages = new Map<string, string>();
  /** Until then, something went wrong for all notices. */
  #allTroubledUntil = Number.NEGATIVE_INFINITY;
  /** Requests whose end an intruder moved in the table. */
  readonly #tampered = new Set<string>();
  #troubles = 0;
  #stops: Stopped = NO_STOPS;

  constructor(facts: Facts, bounds: NoticeBounds) {
    this.#facts = facts;
    this.#bounds = bounds;
    this.asks = new AskWatch(facts);
  }

  /** A step of a request was stored. */
  stored(step: Step): void {
    this.asks.stored(step);
    this.subjectStored(storedRequest(step.request, this.#facts.options.policy, () => this.#stops));
  }

  /** Somebody was suspended, or is no longer: messages that wait for a decision say so. */
  stopStored({ details }: StopRecord): void {
    this.#stops = details.after;
    for (const truth of this.#truths.values()) stoppedAt(truth, this.#facts.now);
  }

  subjectStored(now: StoredSubject): void {
    const truth = this.#truths.get(now.subject) ?? newNoticeTruth(now);
    this.#truths.set(now.subject, truth);
    truth.now = now;
    truth.missingSince = undefined;
    truth.stored.add(now.says);
    keepLastRefusals(truth);
  }

  wasTamperedWith(requestId: string): void {
    this.#tampered.add(requestId);
  }

  // Faults.

  troubled(subject: string, kind: string, until = this.#facts.now): void {
    this.#facts.options.tally.count("notices", kind);
    this.#troubles += 1;
    this.asks.mayRepeat(subject);
    const truth = this.#truths.get(subject);
    if (truth) truth.troubledUntil = Math.max(truth.troubledUntil, until);
  }

  /** A sweep did not look after notices, or more subjects wait than notify can serve within its bound. */
  allDelayed(): void {
    this.#allTroubledUntil = this.#facts.now;
    this.asks.allTroubled();
  }

  /** A sweep sent a binding to converge after it had taken up notices. */
  sentAfterNotices(subject: string): void {
    this.#facts.broken("notices-apart", `A sweep took up notices before it sent ${subject}.`);
  }

  /** After this, one message may exist twice. */
  mayRepeat(subject: string): void {
    this.asks.mayRepeat(subject);
    const truth = this.#truths.get(subject);
    if (truth) truth.repeatable += 1;
  }

  runBegan(subject: string): void {
    const truth = this.#truths.get(subject);
    if (!truth) return;
    // Two runs at once may each publish a prompt before one of them sees the conflict.
    if (truth.runs > 0) {
      this.asks.mayRepeat(subject);
      this.#facts.options.tally.count("notices", "runsOverlap");
    }
    truth.runs += 1;
  }

  runEnded(subject: string, name: string, ending: Ending): void {
    const truth = this.#truths.get(subject);
    if (!truth) return;
    truth.runs -= 1;
    if (ending.kind === "done") return;
    this.mayRepeat(subject);
    this.troubled(subject, ending.kind);
    if (ending.kind === "failed" && !isDocumented(ending.error))
      this.#facts.broken("no-surprise", `${name} threw ${String(ending.error)}`);
  }

  // Effects in Slack and on the bus.

  posted(notice: Notice, place: MessagePlace): void {
    this.asks.posted(notice);
    this.copies.posted(notice, placeOf(place));
    this.updated(notice, place);
  }

  /** A copy was taken away. */
  removed(place: MessagePlace): void {
    const at = placeOf(place);
    this.#facts.options.tally.count("notices", "copyTakenAway");
    this.#messages.delete(at);
    const truth = this.#truths.get(this.copies.removed(at) ?? "");
    if (truth) truth.changes += 1;
  }

  updated(notice: Notice, place: MessagePlace): void {
    this.#messages.set(placeOf(place), contentOf(notice));
    const { subject } = notice;
    const truth = this.#truths.get(subject);
    if (truth) truth.changes += 1;
    truth?.refused.delete(notice.key);
    const now = this.#facts.options.tables.requests.get(subject);
    const said = noticeSays(notice);
    const isStored = truth?.stored.has(said) || (now && requestSays(now) === said);
    // A record of an intruder may be gone when the message shows it.
    const isKnown = !this.#tampered.has(subject) && !this.#facts.forged.has(subject);
    if (!isStored && isKnown)
      this.#facts.broken("notices-true", `${notice.key} of ${subject} shows ${said}.`);
  }

  refused(notice: Notice): void {
    const truth = this.#truths.get(notice.subject);
    if (!truth) return;
    const { refused } = truth;
    truth.changes += 1;
    refused.set(notice.key, [...(refused.get(notice.key) ?? []), contentOf(notice)]);
  }

  published(subject: string, events: readonly BusEvent[]): void {
    this.asks.published(subject, events);
    const truth = this.#truths.get(subject);
    if (!truth) return;
    for (const event of events) {
      if (!("seq" in event)) continue;
      const seq = Number(event.seq);
      if (truth.now.before(seq) > truth.published && !this.#facts.forged.has(subject))
        this.#facts.broken("events-published", `The bus has event ${seq} of ${subject} too early.`);
      truth.published = Math.max(truth.published, seq);
    }
    truth.changes += 1;
  }

  // Checks at any time.

  /** Checks every subject, and what is missing for too long. */
  inspect(): void {
    const instant = instantOf(this.#facts.now);
    for (const truth of this.#truths.values()) {
      if (this.#isForged(truth)) continue;
      this.#checkRepeats(truth);
      if (this.#findMissing(truth, instant) === undefined) truth.missingSince = undefined;
      else this.#checkBound(truth);
    }
  }

  /** If an intruder wrote a request, no step made its notices due. */
  #isForged({ now }: NoticeTruth): boolean {
    const { options, forged } = this.#facts;
    return forged.has(now.subject) || !now.isIn(options.tables);
  }

  #checkRepeats({ now, repeatable, runs, troubledUntil }: NoticeTruth): void {
    if (runs > 0) return;
    const calm = this.#facts.now - Math.max(troubledUntil, this.#allTroubledUntil);
    const fault = this.copies.fault(now.subject, repeatable, calm);
    if (fault !== undefined) this.#facts.broken("notices-once", fault);
  }

  #checkBound(truth: NoticeTruth): void {
    const { now } = this.#facts;
    truth.missingSince ??= now;
    const since = truth.missingSince;
    const latest = latestOf(truth, since, this.#allTroubledUntil, this.#bounds);
    if (now <= latest) return;
    const missing = this.#look(truth);
    if (missing === undefined) truth.missingSince = undefined;
    else this.#facts.broken(missing.invariant, `${missing.what}, since ${instantOf(since)}.`);
  }

  /** The last observation, unless the state may have changed since. */
  #findMissing(truth: NoticeTruth, instant: string): Missing | undefined {
    const { now, changes, seen } = truth;
    const item = this.#facts.options.tables.notices.get(now.subject);
    const isSame = seen?.now === now && seen.item === item && seen.changes === changes;
    const isCurrent = isSame && instant < seen.until;
    return isCurrent ? seen.missing : this.#look(truth);
  }

  #look(truth: NoticeTruth): Missing | undefined {
    const { now, changes } = truth;
    const item = this.#facts.options.tables.notices.get(now.subject);
    const instant = instantOf(this.#facts.now);
    const { notices, changesAt } = now.plan(instant);
    const isPolicyNew = this.#facts.deployments.length > 0;
    const shown = { tables: this.#facts.options.tables, messages: this.#messages, isPolicyNew };
    const missing = missingEvents(truth) ?? missingMessage(truth, item, notices, shown);
    const until = seenUntil(instant, changesAt ?? now.newsUntil, missing);
    truth.seen = { now, item, changes, until, missing };
    return missing;
  }

  /** Whether nothing is due or missing. */
  isQuiet(): boolean {
    return [...this.#truths.values()].every(
      ({ now }) => this.#facts.options.tables.notices.get(now.subject)?.dueAt === null,
    );
  }

  get counts(): NoticeCounts {
    return { ...this.copies.counts, troubles: this.#troubles };
  }
}
