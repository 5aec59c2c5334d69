import { isAboutDelegation, type Notice } from "../../../shared/domain/notices/notice.ts";
import {
  type MessagePlace,
  type Messenger,
  MessengerBusy,
  NoticeRefused,
} from "../../../shared/ports/messenger.ts";
import type { NoticeWatch } from "../oracle/notices.ts";
import type { Random } from "../random.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { NoticeProfile } from "./notice-profile.ts";

export interface SimSlackOptions {
  readonly time: VirtualTime;
  readonly startedAt: number;
  readonly random: Random;
  readonly profile: NoticeProfile;
  readonly watch: NoticeWatch;
  readonly note: (what: () => string) => void;
}

/** Milliseconds after which notify gives a call up, as in `notice-media.ts`. */
const TIMEOUT = 8_000;
const LATENCY: readonly [number, number] = [50, 300];
const SLOW: readonly [number, number] = [800, TIMEOUT - 100];
/** Milliseconds after the timeout within which Slack may still apply a call. */
const LATENESS = 5_000;
/** Seconds that Slack asks to wait. */
const RETRY_AFTER = [1, 5, 30, 120] as const;

/** Milliseconds after which Slack reports a message, and then again while nobody took that. */
const TELLS_AFTER: readonly [number, number] = [20, 4_000];
const TELLS_AGAIN = [1_000, 60_000, 300_000] as const;

type Fault = "failed" | "silent" | "answerLost" | "late" | "limited" | "slow";
const FAULTS: readonly Fault[] = ["failed", "silent", "answerLost", "late", "limited", "slow"];

/** The trace's line about a notice. */
function gistOf(notice: Notice): string {
  if (isAboutDelegation(notice)) return notice.kind;
  if (notice.kind === "finding") return notice.facts.details.code;
  return notice.kind === "stop" ? notice.facts.type : notice.facts.state;
}

/** Slack, which fails, is slow, limits rates, forgets answers, applies calls late, and refuses. */
export class SimSlack implements Messenger {
  readonly #options: SimSlackOptions;
  /** By message, until when calls about it are limited, and the wait that Slack asked for. */
  readonly #limits = new Map<string, { readonly until: number; readonly seconds: number }>();
  /** Where messages are, as the function that Slack calls has stored it. */
  readonly #told = new Map<string, MessagePlace>();
  #posted = 0;

  constructor(options: SimSlackOptions) {
    this.#options = options;
  }

  send(notice: Notice, thread?: MessagePlace, mark?: string): Promise<MessagePlace> {
    const post = () => {
      this.#posted += 1;
      const { audience } = notice;
      const to = audience.kind === "channel" ? audience.channel : `D-${audience.person}`;
      const place = { channel: thread?.channel ?? to, timestamp: String(this.#posted) };
      this.#options.watch.posted(notice, place);
      if (mark === undefined) this.#options.watch.copies.neverTold(notice.subject);
      else this.#tell(notice.subject, mark, place);
      return place;
    };
    return this.#call("posts", notice, post);
  }

  async update(place: MessagePlace, notice: Notice): Promise<void> {
    await this.#call("updates", notice, () => this.#options.watch.updated(notice, place));
  }

  async find(mark: string): Promise<MessagePlace | undefined> {
    return this.#told.get(mark);
  }

  async remove(place: MessagePlace): Promise<void> {
    await this.#options.time.delay(this.#options.random.between(...LATENCY));
    this.#options.watch.removed(place);
    this.#options.note(() => `removes ${place.channel} ${place.timestamp}`);
  }

  /** Tells where a message is, and again where that fails. It is lost where every try fails. */
  #tell(subject: string, mark: string, place: MessagePlace): void {
    const { time, random, watch } = this.#options;
    const isMissed = [0, ...TELLS_AGAIN].map(() => this.#strikes("failed"));
    const tries = isMissed.indexOf(false);
    if (tries < 0) {
      watch.copies.neverTold(subject);
      return;
    }
    const later = TELLS_AGAIN.slice(0, tries).reduce<number>((all, each) => all + each, 0);
    time.after(random.between(...TELLS_AFTER) + later, () => this.#told.set(mark, place));
  }

  async #call<Answer>(verb: string, notice: Notice, apply: () => Answer): Promise<Answer> {
    const { time, random, watch } = this.#options;
    const { subject } = notice;
    const note = (result: string) =>
      this.#options.note(
        () => `${verb} ${subject.slice(-4)} ${notice.key} ${gistOf(notice)}: ${result}`,
      );
    await this.#failInOutage(notice, note);
    await this.#limit(notice, note);
    const fault = this.#draw();
    if (fault === "slow") watch.troubled(subject, "slow");
    await time.delay(random.between(...(fault === "slow" ? SLOW : LATENCY)));
    this.#refuse(notice, note);
    if (fault === "failed") {
      watch.troubled(subject, "failed");
      note("503");
      throw new MessengerBusy("Slack answers 503.", null);
    }
    if (fault === "silent" || fault === "answerLost" || fault === "late")
      return await this.#timeOut(fault, notice, apply, note);
    const answer = apply();
    note("ok");
    return answer;
  }

  /** The caller gives the call up. It took effect, takes effect later, or never. */
  async #timeOut(
    fault: "silent" | "answerLost" | "late",
    notice: Notice,
    apply: () => unknown,
    note: (result: string) => void,
  ): Promise<never> {
    const { time, random, watch } = this.#options;
    const { subject } = notice;
    const late = fault === "late" ? TIMEOUT + random.between(0, LATENESS) : 0;
    watch.troubled(subject, fault, time.now + late);
    if (fault !== "silent") watch.mayRepeat(subject);
    if (fault === "answerLost") apply();
    if (fault === "late")
      time.after(late, () => {
        apply();
        note("takes effect late");
      });
    await time.delay(TIMEOUT);
    note(`timeout (${fault})`);
    throw new MessengerBusy("Slack does not answer.", null);
  }

  async #failInOutage(notice: Notice, note: (result: string) => void): Promise<void> {
    const { time, random, profile, startedAt, watch } = this.#options;
    const elapsed = time.now - startedAt;
    const outage = profile.slack.outages.find(({ from, to }) => from <= elapsed && elapsed < to);
    if (!outage) return;
    watch.troubled(notice.subject, "outage");
    if (outage.kind === "slow") return await time.delay(random.between(...SLOW));
    await time.delay(outage.kind === "errors" ? random.between(...LATENCY) : TIMEOUT);
    note(`outage (${outage.kind})`);
    throw new MessengerBusy("Slack is out of order.", null);
  }

  /** A call in the first half of the time that Slack asked for starts the wait again. */
  async #limit(notice: Notice, note: (result: string) => void): Promise<void> {
    const { time, random, watch } = this.#options;
    const lane = `${notice.subject} ${notice.key}`;
    const limit = this.#limits.get(lane);
    const isLimited = limit !== undefined && time.now < limit.until;
    const begins = !isLimited && this.#strikes("limited");
    if (!isLimited && !begins) return;
    const seconds = limit && isLimited ? limit.seconds : random.pick(RETRY_AFTER);
    const isPatient = limit && isLimited && limit.until - time.now < seconds * 500;
    const until = isPatient ? limit.until : time.now + seconds * 1_000;
    this.#limits.set(lane, { until, seconds });
    if (begins) watch.troubled(notice.subject, "limited", until);
    const asked = Math.ceil((until - time.now) / 1_000);
    await time.delay(random.between(...LATENCY));
    note(`429, Retry-After ${asked}`);
    throw new MessengerBusy("Slack limits the rate.", asked);
  }

  #refuse(notice: Notice, note: (result: string) => void): void {
    const { time, profile, startedAt, watch } = this.#options;
    const { audience } = notice;
    const reader = audience.kind === "channel" ? audience.channel : audience.person;
    const refusal = profile.slack.refusals.find(({ to }) => to === reader);
    if (!refusal || time.now - startedAt >= refusal.until) return;
    watch.refused(notice);
    note(refusal.reason);
    throw new NoticeRefused(refusal.reason, `Slack answers ${refusal.reason}.`, {
      isRepairable: true,
    });
  }

  #draw(): Fault | undefined {
    const { random, profile } = this.#options;
    if (this.#isCalm) return undefined;
    let die = random.fraction();
    for (const fault of FAULTS) {
      if (fault === "limited") continue;
      die -= profile.slack[fault];
      if (die < 0) return fault;
    }
    return undefined;
  }

  #strikes(fault: Fault): boolean {
    const { random, profile } = this.#options;
    return !this.#isCalm && random.chance(profile.slack[fault]);
  }

  get #isCalm(): boolean {
    const { time, startedAt, profile } = this.#options;
    return time.now - startedAt > profile.faultsUntil;
  }
}
