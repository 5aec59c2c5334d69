/** What must hold of the messages and events about requests. */
import type { BusEvent } from "../../shared/domain/notices/bus-event.ts";
import type { Notice } from "../../shared/domain/notices/notice.ts";
import type { NoticeRecord } from "../../shared/domain/notices/notice-record.ts";
import { noticesFor } from "../../shared/domain/notices/notices-for.ts";
import type { Step } from "../../shared/domain/requests/lifecycle.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { MessagePlace } from "../../shared/ports/messenger.ts";
import type { NoticeBounds } from "../bounds.ts";
import type { Ending } from "../invocation.ts";
import { POLICY } from "../sim-policy.ts";
import { instantOf } from "../virtual-time.ts";
import type { Facts } from "./facts.ts";
import {
  contentOf,
  type Missing,
  missingEvents,
  type NoticeCounts,
  type NoticeTruth,
  newNoticeTruth,
  placeOf,
  stateIn,
  stateOf,
  sum,
} from "./notice-truth.ts";
import { isDocumented } from "./runs.ts";

const DAY_SECONDS = 86_400;

export class NoticeWatch {
  readonly #facts: Facts;
  readonly #bounds: NoticeBounds;
  readonly #truths = new Map<string, NoticeTruth>();
  /** By place, what each message in Slack shows. */
  readonly #messages = new Map<string, string>();
  /** Something went wrong for the notices of all requests until then. */
  #allTroubledUntil = Number.NEGATIVE_INFINITY;
  /** Requests whose end an intruder moved in the table. */
  readonly #tampered = new Set<string>();
  #troubles = 0;

  constructor(facts: Facts, bounds: NoticeBounds) {
    this.#facts = facts;
    this.#bounds = bounds;
  }

  /** A step was stored. */
  stored({ request }: Step): void {
    const truth = this.#truths.get(request.id) ?? newNoticeTruth(request);
    this.#truths.set(request.id, truth);
    truth.request = request;
    truth.missingSince = undefined;
    truth.stored.add(stateOf(request));
  }

  wasTamperedWith(requestId: string): void {
    this.#tampered.add(requestId);
  }

  // What goes wrong.

  troubled(requestId: string, _kind: string, until = this.#facts.now): void {
    this.#troubles += 1;
    const truth = this.#truths.get(requestId);
    if (truth) truth.troubledUntil = Math.max(truth.troubledUntil, until);
  }

  /** A sweep did not look after notices. */
  sweepFailed(): void {
    this.#allTroubledUntil = this.#facts.now;
  }

  /** A sweep sent a binding to converge after it had taken up notices. */
  sentAfterNotices(subject: string): void {
    this.#facts.broken("notices-apart", `A sweep took up notices before it sent ${subject}.`);
  }

  /** After this, one message may exist twice. */
  mayRepeat(requestId: string): void {
    const truth = this.#truths.get(requestId);
    if (truth) truth.repeatable += 1;
  }

  runBegan(requestId: string): void {
    const truth = this.#truths.get(requestId);
    if (truth) truth.runs += 1;
  }

  runEnded(requestId: string, name: string, ending: Ending): void {
    const truth = this.#truths.get(requestId);
    if (!truth) return;
    truth.runs -= 1;
    if (ending.kind === "done") return;
    this.mayRepeat(requestId);
    this.troubled(requestId, ending.kind);
    if (ending.kind === "failed" && !isDocumented(ending.error))
      this.#facts.broken("no-surprise", `${name} threw ${String(ending.error)}`);
  }

  // What takes effect in Slack and on the bus.

  posted(notice: Notice, place: MessagePlace): void {
    const truth = this.#truths.get(notice.facts.requestId);
    const { key } = notice;
    truth?.posted.set(key, (truth.posted.get(key) ?? 0) + 1);
    this.#shows(notice, place);
  }

  updated(notice: Notice, place: MessagePlace): void {
    this.#shows(notice, place);
  }

  #shows(notice: Notice, place: MessagePlace): void {
    this.#messages.set(placeOf(place), contentOf(notice));
    const { requestId } = notice.facts;
    const truth = this.#truths.get(requestId);
    if (truth) truth.changes += 1;
    truth?.refused.delete(notice.key);
    const now = this.#facts.options.tables.requests.get(requestId);
    const said = stateIn(notice);
    const isStored = truth?.stored.has(said) || (now && stateOf(now) === said);
    // What an intruder wrote may be gone when the message shows it.
    const isKnown = !this.#tampered.has(requestId) && !this.#facts.forged.has(requestId);
    if (!isStored && isKnown)
      this.#facts.broken("notices-true", `${notice.key} of ${requestId} shows ${said}.`);
  }

  refused(notice: Notice): void {
    const truth = this.#truths.get(notice.facts.requestId);
    if (truth) truth.changes += 1;
    truth?.refused.set(notice.key, contentOf(notice));
  }

  published(requestId: string, events: readonly BusEvent[]): void {
    const truth = this.#truths.get(requestId);
    if (!truth) return;
    for (const { seq } of events) {
      if (seq > truth.published + 1 && !this.#facts.forged.has(requestId))
        this.#facts.broken(
          "events-published",
          `The bus has event ${seq} of ${requestId} too early.`,
        );
      truth.published = Math.max(truth.published, seq);
    }
    truth.changes += 1;
  }

  // What must hold at any time.

  /** Checks every request, and what is missing for too long. */
  inspect(): void {
    for (const truth of this.#truths.values()) {
      if (this.#isForged(truth)) continue;
      this.#checkRepeats(truth);
      const missing = this.#findMissing(truth);
      if (missing === undefined) truth.missingSince = undefined;
      else this.#checkBound(truth, missing);
    }
  }

  /** Where an intruder wrote a request, no step made its notices due. */
  #isForged({ request }: NoticeTruth): boolean {
    const { options, forged } = this.#facts;
    return forged.has(request.id) || options.tables.requests.get(request.id) !== request;
  }

  #checkRepeats({ request, posted, repeatable, runs }: NoticeTruth): void {
    if (runs > 0) return;
    const repeats = sum([...posted.values()].map((count) => count - 1));
    if (repeats > repeatable)
      this.#facts.broken(
        "notices-once",
        `${request.id} has ${repeats} messages twice, and ${repeatable} incidents explain that.`,
      );
  }

  #checkBound(truth: NoticeTruth, missing: Missing): void {
    const { now } = this.#facts;
    const { prompt, recovery } = this.#bounds;
    truth.missingSince ??= now;
    const since = truth.missingSince;
    const troubledUntil = Math.max(truth.troubledUntil, this.#allTroubledUntil);
    const isTroubled = troubledUntil + recovery > since;
    const latest = isTroubled ? Math.max(since, troubledUntil) + recovery : since + prompt;
    if (now > latest)
      this.#facts.broken(missing.invariant, `${missing.what}, since ${instantOf(since)}.`);
  }

  #findMissing(truth: NoticeTruth): Missing | undefined {
    const { request, changes, seen } = truth;
    const record = this.#facts.options.tables.notices.get(request.id)?.record;
    const now = instantOf(this.#facts.now);
    const isSame = seen?.request === request && seen.record === record && seen.changes === changes;
    if (isSame && (seen.until === null || now < seen.until)) return seen.missing;
    const { notices, changesAt } = noticesFor(POLICY, request, now);
    const missing = missingEvents(truth) ?? this.#missingMessages(truth, record, notices);
    // A day after its end, a request's messages are old news, which nobody is owed.
    const until = changesAt ?? plusSeconds(request.updatedAt, DAY_SECONDS);
    truth.seen = { request, record, changes, until, missing };
    return missing;
  }

  #missingMessages(
    truth: NoticeTruth,
    record: NoticeRecord | undefined,
    notices: readonly Notice[],
  ): Missing | undefined {
    for (const notice of notices) {
      const found = record && this.#missingOf(truth, record, notice);
      if (found) return found;
    }
    return undefined;
  }

  #missingOf(truth: NoticeTruth, record: NoticeRecord, notice: Notice): Missing | undefined {
    const { key, send, precedence } = notice;
    // Newer messages have overtaken it: it is brought up to date only where there is room.
    if (precedence === "last") return undefined;
    const sent = record.sent[key];
    if (!sent && !send) return undefined;
    const wanted = contentOf(notice);
    if (sent && this.#messages.get(placeOf(sent)) === wanted) return undefined;
    if (truth.refused.get(key) !== wanted)
      return {
        invariant: "notices-shown",
        what: `${key} of ${truth.request.id} does not show ${notice.facts.state}`,
      };
    return record.undeliverable[key]
      ? undefined
      : {
          invariant: "refusals-recorded",
          what: `${key} of ${truth.request.id} was refused, and nothing records that`,
        };
  }

  /** Whether nothing is due or missing. */
  isQuiet(): boolean {
    return [...this.#truths.values()].every(
      ({ request: { id } }) => this.#facts.options.tables.notices.get(id)?.dueAt === null,
    );
  }

  get counts(): NoticeCounts {
    const posted = [...this.#truths.values()].flatMap((truth) => [...truth.posted.values()]);
    const messages = sum(posted);
    return { messages, duplicates: messages - posted.length, troubles: this.#troubles };
  }
}
