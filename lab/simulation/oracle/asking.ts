/**
 * Judges the messages and events that ask people again: reminders, escalations, and reminders of a
 * review. It knows by itself who may be asked when, and asks none of the broker's code.
 */
import type { BusEvent } from "../../../shared/domain/notices/bus-event.ts";
import type { Notice } from "../../../shared/domain/notices/notice.ts";
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import { ASKING } from "../sim-policy.ts";
import type { Facts } from "./facts.ts";

const MINUTE = 60_000;
/** A message on its way may take effect this long after a step that it does not know. */
const ON_ITS_WAY = 3 * MINUTE;
/**
 * A prompt is published within this time of its own, or of the last fault. A retry waits five
 * minutes.
 */
const LATEST = 20 * MINUTE;

/** One request, as its steps left it. Moments are milliseconds since the epoch. */
interface Asked {
  readonly requester: string;
  readonly principal: string;
  readonly isReviewed: boolean;
  readonly createdAt: number;
  /** When it was no longer pending. */
  decidedAt: number;
  /** When its review was closed. */
  closedAt: number;
  readonly approvedAt: Map<string, number>;
  /** By the id of an event, how often the bus took it. */
  readonly events: Map<string, number>;
  /** How often each event may have been published again. */
  repeatable: number;
  /** When something last went wrong with its messages or events. */
  troubledAt: number;
}

const APPROVALS = ["reminder", "escalation"];
const REVIEWS = ["review-reminder", "review-overdue"];

/** Whether somebody has met the requirement that escalates. */
const isMet = ({ approvedAt }: Asked): boolean =>
  [...ASKING.first, ...ASKING.second].some((person) => approvedAt.has(person));

export class AskWatch {
  readonly #facts: Facts;
  readonly #asked = new Map<string, Asked>();
  /** When something last went wrong for all requests. */
  #troubledAt = Number.NEGATIVE_INFINITY;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  stored({ request }: Step): void {
    if (!ASKING.rules.includes(request.rule)) return;
    const { now } = this.#facts;
    const asked: Asked = this.#asked.get(request.id) ?? {
      requester: request.requester,
      principal: request.principalArn.replace(/^.*\//, ""),
      isReviewed: request.breakGlass,
      createdAt: Date.parse(request.createdAt),
      decidedAt: Number.POSITIVE_INFINITY,
      closedAt: Number.POSITIVE_INFINITY,
      approvedAt: new Map(),
      events: new Map(),
      repeatable: 0,
      troubledAt: Number.NEGATIVE_INFINITY,
    };
    this.#asked.set(request.id, asked);
    if (request.state !== "pending") asked.decidedAt = Math.min(asked.decidedAt, now);
    if (request.review?.closed) asked.closedAt = Math.min(asked.closedAt, now);
    for (const { person } of request.approvals)
      if (!asked.approvedAt.has(person)) asked.approvedAt.set(person, now);
  }

  /** Something happened after which an event may be published again. */
  mayRepeat(subject: string): void {
    const asked = this.#asked.get(subject);
    if (!asked) return;
    asked.repeatable += 1;
    asked.troubledAt = this.#facts.now;
  }

  /** No sweep looked after notices. */
  allTroubled(): void {
    this.#troubledAt = this.#facts.now;
  }

  posted({ subject, kind, key, ...notice }: Notice): void {
    const { audience, mentions = [] } = notice;
    this.#check(subject, kind, key, [
      ...mentions,
      ...(audience.kind === "person" ? [audience.person] : []),
    ]);
  }

  published(subject: string, events: readonly BusEvent[]): void {
    const asked = this.#asked.get(subject);
    if (!asked) return;
    for (const { type, detail } of events) {
      if (!("prompt" in detail)) continue;
      const { people } = detail.prompt as { readonly people: readonly string[] };
      this.#check(subject, type, detail.id, people);
      this.#keepPublished(asked, detail.id);
    }
  }

  /** A lost answer has all prompts that wait published again, so each may repeat as often. */
  #keepPublished({ events, repeatable }: Asked, id: string): void {
    const times = (events.get(id) ?? 0) + 1;
    events.set(id, times);
    if (times - 1 > repeatable)
      this.#facts.broken(
        "asked-once",
        `${id} is on the bus ${times} times, and ${repeatable} incidents explain that.`,
      );
  }

  #check(subject: string, kind: string, what: string, people: readonly string[]): void {
    const asked = this.#asked.get(subject);
    if (!asked || ![...APPROVALS, ...REVIEWS].includes(kind)) return;
    const { now } = this.#facts;
    if (APPROVALS.includes(kind) && now > asked.decidedAt + ON_ITS_WAY)
      this.#facts.broken("asked-while-open", `${what} of ${subject} came after the decision.`);
    if (REVIEWS.includes(kind) && now > asked.closedAt + ON_ITS_WAY)
      this.#facts.broken("review-asked-while-open", `${what} came after ${subject} was reviewed.`);
    for (const person of people)
      if (!this.#mayBeAsked(asked, kind, person))
        this.#facts.broken(
          "asked-able",
          `${what} of ${subject} asks ${person}, who cannot decide.`,
        );
  }

  #mayBeAsked(asked: Asked, kind: string, person: string): boolean {
    const { now } = this.#facts;
    const holders: readonly string[] = ASKING.holders[asked.principal] ?? [];
    if (person === asked.requester || holders.includes(person)) return false;
    const isSecond = ASKING.second.includes(person);
    const isFirst = ASKING.first.includes(person);
    if (REVIEWS.includes(kind)) return isFirst || isSecond;
    if (now > (asked.approvedAt.get(person) ?? now) + ON_ITS_WAY) return false;
    if (kind === "escalation") return isSecond && !isFirst;
    const isTime = now >= asked.createdAt + ASKING.escalateMinutes * MINUTE;
    return isFirst || ASKING.others.includes(person) || (isSecond && isTime);
  }

  /** Checks at the end of a life that each prompt came whose time passed while it made sense. */
  conclude(): void {
    for (const [id, asked] of this.#asked) {
      const { createdAt, decidedAt, closedAt, isReviewed } = asked;
      const table = isReviewed ? ASKING.reviewMinutes : ASKING.remindMinutes;
      const until = Math.min(isReviewed ? closedAt : decidedAt, this.#facts.now);
      for (const [kind, from, to] of table) {
        const calmAt = Math.max(createdAt + from * MINUTE, asked.troubledAt, this.#troubledAt);
        const isOwed = calmAt + LATEST < Math.min(until, createdAt + to * MINUTE);
        const came = [...asked.events.keys()].some((event) => event.startsWith(`${id}#${kind}-`));
        if (isOwed && !came && !(kind === "escalation" && isMet(asked)))
          this.#facts.broken("asked-in-time", `Nobody was asked by ${kind} of ${id}.`);
      }
    }
  }
}
