/**
 * Knows the whole truth of a run: what others want on each entry, which calls are still under way,
 * what went wrong when. It looks at everything that takes effect, and says which invariant broke.
 * It shares the domain's algebra of scopes with the broker, and none of its decisions.
 */
import type { StackSettings } from "../../infra/settings.ts";
import { GROUPS, type Reach, reachOf } from "../../shared/domain/access.ts";
import { verifyChains } from "../../shared/domain/audit-chain.ts";
import { startOf } from "../../shared/domain/claim.ts";
import {
  type ElementSet,
  EMPTY,
  minus,
  sameSet,
  unionOf,
} from "../../shared/domain/element-set.ts";
import type { ActualEntry } from "../../shared/domain/entries/actual-entry.ts";
import { BrokerError } from "../../shared/domain/errors.ts";
import { plusSeconds } from "../../shared/domain/instant.ts";
import { isEmpty, type Ledger, TAG_TOKEN } from "../../shared/domain/ledger.ts";
import { isFinal, LIFECYCLE, type Step } from "../../shared/domain/lifecycle.ts";
import type { Access, AccessRequest } from "../../shared/domain/request.ts";
import { scopeCovers, scopeRemainder } from "../../shared/domain/scope.ts";
import type { EntryAddress } from "../../shared/ports/access-entries.ts";
import type { ArmedTimer } from "../fakes/memory-schedules.ts";
import type { MemoryTables } from "../fakes/memory-tables.ts";
import { type Bounds, boundsOf } from "./bounds.ts";
import type { InvariantId, Violation } from "./invariants.ts";
import type { Ending, Invocation } from "./invocation.ts";
import { type CallWatch, instantOf, ServiceFailed } from "./network.ts";
import type { Profile } from "./profile.ts";
import { ACCOUNT, bindingAt, CLUSTERS } from "./sim-policy.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What the oracle knows of one entry. */
export interface Truth {
  readonly binding: string;
  readonly name: string;
  readonly address: EntryAddress;
  /** By target, what others want there. */
  theirs: Map<string, ElementSet>;
  /** `target element`: others touched it while we did, so that either outcome is right. */
  readonly contested: Set<string>;
  /** The entry itself was changed by others while we did. */
  entryContested: boolean;
  /** ARNs of entries that others made. */
  readonly foreign: Set<string>;
  /** Targets that some grant was approved for. */
  readonly touched: Set<string>;
  /** By `target element`, since when nothing explains it. */
  readonly unexplained: Map<string, number>;
  /** By grant, since when its access is missing. */
  readonly missing: Map<string, number>;
  /** Runs, and writes whose effect is to come. */
  underWay: number;
  /** Until when something that went wrong may have an effect; -Infinity where nothing did. */
  disturbedUntil: number;
  everDisturbed: boolean;
  /** When others last edited it, or a fuse did. */
  editedAt: number;
  /** When a call took effect that its function had given up. */
  lateAt: number;
  /** ARNs of our entries that others have used. */
  readonly adopted: Set<string>;
  /** When the last run began that read it and was done undisturbed. */
  lookedAt: number;
  /** Since when the principal or the cluster is another; Infinity while neither is. */
  withdrawnAt: number;
}

export interface OracleOptions {
  readonly time: VirtualTime;
  readonly startedAt: number;
  readonly profile: Profile;
  readonly stack: StackSettings;
  readonly tables: MemoryTables;
  readonly timers: ReadonlyMap<string, ArmedTimer>;
  readonly ledgers: ReadonlyMap<string, Ledger>;
  readonly peek: (address: EntryAddress) => ActualEntry | undefined;
  readonly note: (actor: string, what: () => string) => void;
}

const NEVER = Number.NEGATIVE_INFINITY;
const isWithdrawn = ({ withdrawnAt }: Truth) => withdrawnAt < Number.POSITIVE_INFINITY;
/** Of another account's role the broker cannot read who it is. */
const isReadable = ({ address }: Truth) => address.cluster.account === ACCOUNT;
const keyOf = (target: string, element: string) => `${target} ${element}`;
const millisOf = (instant: string) => Date.parse(instant);

function latestFuse(timers: ReadonlyMap<string, ArmedTimer>, binding: string, target: string) {
  const own = [...timers.values()].flatMap((timer) =>
    timer.kind === "fuse" && timer.target === target && bindingAt(timer.address) === binding
      ? timer
      : [],
  );
  return own.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
}

export class Oracle implements CallWatch {
  readonly violations: Violation[] = [];
  readonly bounds: Bounds;
  readonly truths = new Map<string, Truth>();
  /** Requests that an intruder wrote into the table. */
  readonly forged = new Set<string>();
  /** Schedules were deleted by hand. */
  handsOnSchedules = false;
  readonly #options: OracleOptions;
  readonly #reach = new WeakMap<Access, Reach>();
  readonly #armed = new Map<string, string>();
  /** By grant, when it is to end, as it was approved. */
  readonly #ends = new Map<string, string>();
  readonly #savedAt = new Map<string, number>();
  readonly #disturbed = new Set<string>();
  readonly #added = new Set<string>();
  readonly #looked = new Set<string>();
  #current: { readonly invocation: Invocation; readonly late: boolean } | undefined;

  constructor(options: OracleOptions) {
    this.#options = options;
    this.bounds = boundsOf(options.stack, options.profile);
  }

  watchOver(binding: string, name: string, address: EntryAddress): void {
    const entry = this.#options.peek(address);
    this.truths.set(binding, {
      binding,
      name,
      address,
      theirs: new Map(Object.entries(entry?.targets ?? {})),
      contested: new Set(),
      entryContested: false,
      foreign: new Set(entry ? [entry.accessEntryArn] : []),
      touched: new Set(),
      unexplained: new Map(),
      missing: new Map(),
      underWay: 0,
      disturbedUntil: NEVER,
      everDisturbed: false,
      editedAt: NEVER,
      lateAt: NEVER,
      adopted: new Set(),
      lookedAt: NEVER,
      withdrawnAt: Number.POSITIVE_INFINITY,
    });
  }

  // What the network tells.

  note(actor: string, what: () => string): void {
    this.#options.note(actor, what);
  }

  applying(invocation: Invocation, operation: string, late: boolean): void {
    this.#current = { invocation, late };
    if (operation === "entries.read") this.#looked.add(invocation.name);
  }

  disturbed(invocation: Invocation, until: number, subject?: string): void {
    this.#disturbed.add(invocation.name);
    const own = invocation.binding === undefined ? subject : undefined;
    for (const truth of this.#neighboursOf({ ...invocation, binding: own ?? invocation.binding })) {
      this.#disturb(truth, until);
    }
  }

  launched(invocation: Invocation): void {
    for (const truth of this.#truthsOf(invocation)) truth.underWay += 1;
  }

  landed(invocation: Invocation): void {
    for (const truth of this.#truthsOf(invocation)) truth.underWay -= 1;
  }

  /** A cluster's bindings share its circuit, so that what fails for one is felt by all. */
  #neighboursOf(invocation: Invocation): readonly Truth[] {
    const [truth] = this.#truthsOf(invocation);
    if (!truth || invocation.binding === undefined) return this.#truthsOf(invocation);
    const { name } = truth.address.cluster;
    return [...this.truths.values()].filter(({ address }) => address.cluster.name === name);
  }

  #truthsOf({ binding }: Invocation): readonly Truth[] {
    if (binding === undefined) return [...this.truths.values()];
    const truth = this.truths.get(binding);
    return truth ? [truth] : [];
  }

  // What runs and people do.

  runBegan(binding: string): void {
    const truth = this.truths.get(binding);
    if (truth) truth.underWay += 1;
  }

  ended(invocation: Invocation, ending: Ending): void {
    const { binding } = invocation;
    const truth = binding === undefined ? undefined : this.truths.get(binding);
    const disturbed = this.#disturbed.delete(invocation.name);
    this.#added.delete(invocation.name);
    const looked = this.#looked.delete(invocation.name);
    if (invocation.name.startsWith("converge")) {
      if (truth) truth.underWay -= 1;
      if (truth && looked && ending.kind === "done" && !disturbed) {
        truth.lookedAt = invocation.startedAt;
        this.#checkFuses(truth);
      }
    }
    if (ending.kind === "cut" && !disturbed) this.disturbed(invocation, this.#options.time.now);
    if (ending.kind !== "failed") return;
    const { error } = ending;
    this.note(invocation.name, () => `fails: ${String(error)}`);
    const announced =
      error instanceof ServiceFailed ||
      (error instanceof BrokerError && error.code !== "invariant-broken");
    const stack = error instanceof Error ? error.stack : String(error);
    if (!announced) this.#broken("no-surprise", `${invocation.name} threw ${stack}`);
  }

  heldUp(binding: string, until: number): void {
    const truth = this.truths.get(binding);
    if (truth) this.#disturb(truth, until);
  }

  #disturb(truth: Truth, until: number): void {
    truth.disturbedUntil = Math.max(truth.disturbedUntil, until);
    truth.everDisturbed = true;
  }

  /** An intruder wrote this request as it stands. */
  wasForged(id: string): void {
    this.forged.add(id);
    this.#savedAt.set(id, this.#options.time.now);
  }

  deadLetter(binding: string, body: string): void {
    const truth = this.truths.get(binding);
    this.note("queue", () => `dead letter ${body}`);
    if (truth && !truth.everDisturbed)
      this.#broken("no-dead-letter", `A message of ${truth.name} became a dead letter: ${body}`);
  }

  /** Nothing reaches converge: there is nobody who could do anything in time. */
  unreachable(until: number): void {
    for (const truth of this.truths.values()) this.#disturb(truth, until);
  }

  // What takes effect.

  /** A step was stored. */
  stepStored({ request, event, from }: Step): void {
    const { time, tables } = this.#options;
    const { id } = request;
    const truth = [...this.truths.values()].find(
      ({ address }) =>
        CLUSTERS[address.cluster.name] === request.cluster.arn &&
        address.principalArn === request.principalArn,
    );
    this.#savedAt.set(id, time.now);
    if (this.forged.has(id)) return;
    if (request.approvals.some(({ person }) => person === request.requester))
      this.#broken("no-self-approval", `${request.requester} approved their own ${id}.`);
    if (from === "pending" && request.state !== "pending") {
      const verdicts = tables.events.filter(
        (e) => e.requestId === id && e.from === "pending" && e.to !== "pending",
      );
      if (verdicts.length > 1)
        this.#broken("one-verdict", `${id} got ${verdicts.map(({ to }) => to).join(" and ")}.`);
    }
    if (!truth) return;
    if (event.type === "approve" && request.state === "approved") {
      truth.touched.add(this.#reachOf(request).target);
      if (request.revokeAt !== null) this.#ends.set(id, request.revokeAt);
      for (const moment of [request.startsAt, request.revokeAt])
        if (moment !== null)
          time.at(millisOf(moment) + 1, () => {
            this.inspect(truth);
          });
    }
    if (event.type === "expire" && time.now < this.#revokeAt(request) - this.bounds.skew)
      this.#broken("not-early", `${id} expired before ${request.revokeAt}.`);
    if (event.type === "activate") this.#checkStart(truth, request);
    if (event.type === "settle" || event.type === "refuse") this.#checkEnd(truth, request);
    this.inspect(truth);
  }

  #checkStart(truth: Truth, request: AccessRequest): void {
    const startedAt = this.#current?.invocation.startedAt ?? 0;
    const { target, elements } = this.#reachOf(request);
    const there = this.#actual(truth)?.targets[target] ?? EMPTY;
    const edited = truth.editedAt >= startedAt || truth.lateAt >= startedAt;
    if (!scopeCovers(there, elements) && !edited && !isWithdrawn(truth))
      this.#broken("start-seen", `${request.id} was told active without ${elements.join(", ")}.`);
    this.#checkTimers(truth, request, target);
    // What was judged in time may be told after a whole run.
    const { broker, convergeTimeoutSeconds } = this.#options.stack;
    const least = (broker.tooLateSeconds - convergeTimeoutSeconds) * 1_000 - this.bounds.skew;
    const late = this.#current?.late === true;
    if (!late && this.#revokeAt(request) - this.#options.time.now < least)
      this.#broken("not-too-late", `${request.id} became active just before ${request.revokeAt}.`);
  }

  #checkEnd(truth: Truth, request: AccessRequest): void {
    const { target, elements } = this.#reachOf(request);
    const there = this.#actual(truth)?.targets[target] ?? EMPTY;
    const left = elements.filter(
      (element) =>
        there.includes(element) &&
        !this.#isExplained(truth, target, element) &&
        !this.#isClaimed(truth, target, element),
    );
    if (left.length > 0)
      this.#broken("end-seen", `${request.id} was told over with ${left.join(", ")} still there.`);
  }

  /** The grant's own schedule was armed, and a fuse where one reaches. */
  #checkTimers(truth: Truth, request: AccessRequest, target: string): void {
    if (!this.#isArmed(request))
      this.#broken("schedule-first", `${request.id} got access, and no schedule ends it.`);
    const { profile, timers } = this.#options;
    const others =
      target === GROUPS ? [...truth.theirs.values()].flat() : (truth.theirs.get(target) ?? EMPTY);
    const arn = this.#actual(truth)?.accessEntryArn ?? "";
    const foreign = truth.foreign.has(arn) || truth.adopted.has(arn);
    const unreachable = truth.address.cluster.account !== ACCOUNT;
    const excused =
      unreachable ||
      others.length > 0 ||
      (target === GROUPS && foreign) ||
      [...truth.contested].some((key) => key.startsWith(`${target} `)) ||
      truth.entryContested ||
      this.handsOnSchedules ||
      profile.unansweredLate > 0 ||
      profile.outages.length > 0 ||
      request.expiresAt === null;
    if (excused) return;
    const wanted = plusSeconds(
      request.expiresAt ?? "",
      this.#options.stack.broker.fuseDelaySeconds,
    );
    const fuse = latestFuse(timers, truth.binding, target);
    if (!fuse || fuse.at < wanted)
      this.#broken(
        "schedule-first",
        `${request.id} is active, and its fuse is armed for ${fuse?.at ?? "never"}, not ${wanted}.`,
      );
  }

  /** A revocation was armed. */
  armed(grantId: string, at: string): void {
    this.#armed.set(grantId, at);
  }

  /** A call of the broker's changed an entry, or tried to. */
  entryChanged(truth: Truth, before: ActualEntry | undefined): void {
    const after = this.#actual(truth);
    const current = this.#current;
    if (!current) return;
    if (current.late) truth.lateAt = this.#options.time.now;
    // Nobody can take back a deletion that was under way when others came to use the entry.
    if (current.late && !after && truth.editedAt >= current.invocation.startedAt)
      truth.entryContested = true;
    if (before && !after && truth.foreign.has(before.accessEntryArn) && !truth.entryContested)
      this.#broken("others-entry-stays", `The entry of ${truth.name} that others made is gone.`);
    const targets = new Set([
      ...Object.keys(before?.targets ?? {}),
      ...Object.keys(after?.targets ?? {}),
    ]);
    for (const target of targets) {
      const was = before?.targets[target] ?? EMPTY;
      const is = after?.targets[target] ?? EMPTY;
      if (sameSet(was, is)) continue;
      if (!truth.touched.has(target) && !truth.entryContested)
        this.#broken(
          "others-keep",
          `${target} of ${truth.name} was changed, which no grant touches.`,
        );
      this.#checkOrder(truth, current.invocation, target, was, is);
      for (const element of scopeRemainder(is, was))
        this.#checkAddition(truth, target, element, current);
    }
    this.inspect(truth);
  }

  #checkOrder(
    truth: Truth,
    { name, startedAt }: Invocation,
    target: string,
    was: ElementSet,
    is: ElementSet,
  ): void {
    if (minus(is, was).length > 0) {
      this.#added.add(name);
      return;
    }
    const overdue = minus(was, is).find(
      (element) => (truth.unexplained.get(keyOf(target, element)) ?? startedAt) < startedAt,
    );
    // Where a removal failed that came first, it is tried again after what could be added.
    if (overdue !== undefined && this.#added.has(name) && !this.#disturbed.has(name))
      this.#broken("removals-first", `${name} added access before it removed ${overdue}.`);
  }

  #checkAddition(
    truth: Truth,
    target: string,
    element: string,
    { invocation, late }: { readonly invocation: Invocation; readonly late: boolean },
  ): void {
    const { time, tables, stack } = this.#options;
    if (truth.contested.has(keyOf(target, element)) || truth.entryContested) return;
    if (scopeCovers(truth.theirs.get(target) ?? EMPTY, [element])) return;
    const run = stack.convergeTimeoutSeconds * 1_000;
    const reasons = [...tables.requests.values()].filter((request) => {
      if (this.forged.has(request.id) || request.approvedAt === null) return false;
      const reach = this.#reachOf(request);
      if (!this.#isOf(truth, request) || reach.target !== target) return false;
      if (!scopeCovers(reach.elements, [element])) return false;
      if (late) return true;
      const begun = millisOf(startOf(request) ?? "") - this.bounds.skew <= time.now;
      const over = time.now > this.#revokeAt(request) + run + this.bounds.skew;
      const meant =
        request.state === "approved" ||
        request.state === "active" ||
        (this.#savedAt.get(request.id) ?? 0) >= invocation.startedAt;
      return begun && !over && meant;
    });
    if (reasons.length === 0)
      this.#broken("nothing-unapproved", `${element} of ${target} was added for no grant.`);
    else if (!reasons.some((request) => this.#isArmed(request)))
      this.#broken("schedule-first", `${element} of ${target} was added before any schedule.`);
    else if (!late && invocation.startedAt > truth.withdrawnAt && isReadable(truth)) {
      const own = reasons.some(({ createdAt }) => millisOf(createdAt) > truth.withdrawnAt);
      if (!own) this.#broken("nothing-inherited", `${element} of ${target} was for a predecessor.`);
    }
  }

  #isArmed({ id, revokeAt }: AccessRequest): boolean {
    return this.#armed.get(id) === (this.#ends.get(id) ?? revokeAt);
  }

  /** Others changed the entry by hand. */
  edited(truth: Truth, before: ActualEntry | undefined): void {
    const after = this.#actual(truth);
    const { time } = this.#options;
    const clash = truth.underWay > 0;
    if (clash) this.#disturb(truth, time.now);
    truth.editedAt = time.now;
    const replaced = before?.accessEntryArn !== after?.accessEntryArn;
    if (after && replaced) truth.foreign.add(after.accessEntryArn);
    if (replaced && clash) truth.entryContested = true;
    const was = replaced ? {} : (before?.targets ?? {});
    const is = after?.targets ?? {};
    const targets = [...Object.keys(was), ...Object.keys(is), ...truth.theirs.keys()];
    for (const target of new Set(targets)) {
      const had = was[target] ?? EMPTY;
      const has = is[target] ?? EMPTY;
      if (sameSet(had, has) && !replaced) continue;
      const theirs = truth.theirs.get(target) ?? EMPTY;
      const ours = minus(this.#possiblyOurs(truth, target), theirs);
      truth.theirs.set(target, minus(has, ours));
      const alike = minus(has, had).filter((element) => ours.includes(element));
      // What is just what we attempted passes for our doing, and what it took away is given back.
      const disguised = alike.length > 0 && minus(has, unionOf(ours, theirs)).length === 0;
      const unclear = clash ? unionOf(had, has, theirs) : disguised ? unionOf(alike, had) : alike;
      for (const element of unclear) truth.contested.add(keyOf(target, element));
    }
    this.inspect(truth);
  }

  /** What our calls may have put on a target: elements of grants that have begun and are not final. */
  #possiblyOurs(truth: Truth, target: string): ElementSet {
    const { time } = this.#options;
    return unionOf(
      ...this.#open(truth).flatMap((request) => {
        const reach = this.#reachOf(request);
        const begun = millisOf(startOf(request) ?? "") - this.bounds.skew <= time.now;
        return reach.target === target && begun ? [reach.elements] : [];
      }),
    );
  }

  /** None is left armed on what others were seen to use. */
  #checkFuses(truth: Truth): void {
    const seen = truth.lookedAt > Math.max(truth.editedAt, truth.lateAt);
    const unclear = truth.contested.size > 0 || truth.entryContested;
    // One whose arming lands late is known to nobody.
    if (!seen || unclear || this.#options.profile.unansweredLate > 0) return;
    for (const timer of this.#options.timers.values())
      if (timer.kind === "fuse" && bindingAt(timer.address) === truth.binding) {
        const used = this.#usedByOthers(truth, timer.target);
        if (used)
          this.#broken("fuse-aimed", `A fuse is armed on what others use of ${truth.name}.`);
      }
  }

  /** Whether others have something where a fuse would take it; the one for groups takes all. */
  #usedByOthers({ theirs }: Truth, target: string): boolean {
    const reached = target === GROUPS ? [...theirs.values()] : [theirs.get(target) ?? EMPTY];
    return reached.some((elements) => elements.length > 0);
  }

  /** A fuse is about to take a target, or the whole entry. */
  fuseFires(truth: Truth, target: string, at: string): void {
    const { time, profile } = this.#options;
    const there = this.#actual(truth);
    // One whose target did not answer is tried again for an hour, and nobody can take it back.
    const prompt = time.now <= millisOf(at) + 60_000 || profile.outages.length === 0;
    const certain =
      prompt &&
      !this.handsOnSchedules &&
      profile.unansweredLate === 0 &&
      !this.#isDisturbed(truth, time.now);
    const live = this.#open(truth).find(
      (request) =>
        request.state === "active" &&
        this.#reachOf(request).target === target &&
        time.now < this.#revokeAt(request),
    );
    if (live && certain && there?.targets[target])
      this.#broken("fuse-aimed", `A fuse took ${target} from ${live.id}.`);
    // One whose arming lands late is known to nobody.
    const late = profile.unansweredLate > 0;
    const known = prompt && !late && truth.lookedAt > truth.editedAt;
    if (this.#usedByOthers(truth, target) && known && there)
      this.#broken("fuse-aimed", `A fuse took what others use on ${truth.name}.`);
    if (target === GROUPS)
      for (const each of Object.keys(there?.targets ?? {})) truth.theirs.set(each, EMPTY);
    truth.theirs.set(target, EMPTY);
    truth.editedAt = time.now;
  }

  // What must hold at any time.

  inspectAll(): void {
    for (const truth of this.truths.values()) this.inspect(truth);
  }

  inspect(truth: Truth): void {
    const actual = this.#actual(truth);
    this.#checkOthers(truth, actual);
    this.#checkUnexplained(truth, actual);
    for (const request of this.#open(truth)) {
      this.#checkPresence(truth, actual, request);
      this.#checkTimes(truth, request);
    }
    for (const id of truth.missing.keys())
      if (this.#options.tables.requests.get(id)?.state !== "active") truth.missing.delete(id);
  }

  #checkOthers(truth: Truth, actual: ActualEntry | undefined): void {
    if (actual && [...truth.theirs.values()].some((elements) => elements.length > 0))
      truth.adopted.add(actual.accessEntryArn);
    if (truth.entryContested) return;
    for (const [target, theirs] of truth.theirs) {
      const certain = theirs.filter((element) => !truth.contested.has(keyOf(target, element)));
      const there = actual?.targets[target] ?? EMPTY;
      if (!scopeCovers(there, certain))
        this.#broken(
          "others-keep",
          `Others' ${scopeRemainder(certain, there).join(", ")} of ${target} on ${truth.name} is gone.`,
        );
    }
  }

  #checkUnexplained(truth: Truth, actual: ActualEntry | undefined): void {
    const { time } = this.#options;
    const found = new Set<string>();
    for (const [target, elements] of Object.entries(actual?.targets ?? {}))
      for (const element of elements) {
        if (this.#isExplained(truth, target, element)) continue;
        const key = keyOf(target, element);
        found.add(key);
        const first = !truth.unexplained.has(key);
        const since = truth.unexplained.get(key) ?? time.now;
        truth.unexplained.set(key, since);
        if (first && !this.#isClaimed(truth, target, element))
          this.#broken("no-return", `${key} on ${truth.name} is there, and every end was told.`);
        if (time.now > this.#deadline(truth, since, this.bounds.tight))
          this.#broken(
            "no-overstay",
            `${key} on ${truth.name} is there since ${instantOf(since)}, and nothing explains it.`,
          );
      }
    for (const key of truth.unexplained.keys()) if (!found.has(key)) truth.unexplained.delete(key);
  }

  #checkPresence(truth: Truth, actual: ActualEntry | undefined, request: AccessRequest): void {
    const { time, profile } = this.#options;
    const { id, state } = request;
    const { target, elements } = this.#reachOf(request);
    const over = time.now >= this.#revokeAt(request) - this.bounds.skew;
    const has = scopeCovers(actual?.targets[target] ?? EMPTY, elements);
    if (state !== "active" || over || has || isWithdrawn(truth) || this.forged.has(id)) {
      truth.missing.delete(id);
      return;
    }
    const since = truth.missing.get(id) ?? time.now;
    truth.missing.set(id, since);
    const explained = Math.max(truth.editedAt, truth.lateAt);
    if (!profile.sweep && explained > NEVER) return;
    if (time.now > Math.max(explained, truth.disturbedUntil) + this.bounds.drift || explained < 0)
      this.#broken(
        "active-has-access",
        `${id} is active without access since ${instantOf(since)}.`,
      );
  }

  #checkTimes(truth: Truth, request: AccessRequest): void {
    const { time, profile } = this.#options;
    if (!profile.sweep && truth.everDisturbed) return;
    const savedAt = this.#savedAt.get(request.id) ?? this.#options.startedAt;
    if (request.state === "approved" && !isWithdrawn(truth)) {
      const start = millisOf(startOf(request) ?? request.createdAt);
      // The sweep starts what is to start later, or was approved by a clock ahead of converge's.
      const later = request.startsAt !== null || profile.skewSeconds > 0;
      const bound = later ? this.bounds.tight : this.bounds.prompt;
      if (time.now > this.#deadline(truth, Math.max(start, savedAt), bound))
        this.#broken("starts-in-time", `${request.id} is still approved.`);
    }
    const over = request.state === "ending" ? savedAt : this.#revokeAt(request);
    if (time.now > this.#deadline(truth, over, this.bounds.tight))
      this.#broken("final-in-time", `${request.id} is still ${request.state}.`);
  }

  /** The bound after `since`: tight, unless something went wrong that may still be felt. */
  #deadline(truth: Truth, since: number, bound: number): number {
    return this.#isDisturbed(truth, since)
      ? Math.max(since, truth.disturbedUntil) + this.bounds.recovery
      : since + bound;
  }

  #isDisturbed(truth: Truth, since: number): boolean {
    return truth.disturbedUntil + this.bounds.recovery > since;
  }

  #isExplained(truth: Truth, target: string, element: string): boolean {
    if (truth.contested.has(keyOf(target, element)) || truth.entryContested) return true;
    if (scopeCovers(truth.theirs.get(target) ?? EMPTY, [element])) return true;
    return this.#open(truth).some((request) => {
      const reach = this.#reachOf(request);
      return (
        reach.target === target && this.#isLive(request) && scopeCovers(reach.elements, [element])
      );
    });
  }

  /** Whether a grant that is not final yet may have put it there: its end is still to be told. */
  #isClaimed(truth: Truth, target: string, element: string): boolean {
    return this.#open(truth).some((request) => {
      const reach = this.#reachOf(request);
      return reach.target === target && reach.elements.includes(element);
    });
  }

  #isLive(request: AccessRequest): boolean {
    const { time } = this.#options;
    const { state } = request;
    const begun = millisOf(startOf(request) ?? "") - this.bounds.skew <= time.now;
    return (
      (state === "approved" || state === "active") &&
      begun &&
      time.now < this.#revokeAt(request) &&
      !this.forged.has(request.id)
    );
  }

  /** When a grant is over: as it was approved, whatever its record says by now. */
  #revokeAt({ id, revokeAt }: AccessRequest): number {
    const end = this.#ends.get(id) ?? revokeAt;
    return end === null ? Number.POSITIVE_INFINITY : millisOf(end);
  }

  // What must hold in the end.

  /** Whether all is over: nothing is open, due, or under way. */
  isQuiet(): boolean {
    const { tables, ledgers } = this.#options;
    if ([...this.truths.values()].some(({ underWay }) => underWay > 0)) return false;
    if ([...tables.heads.values()].some((head) => head.dueAt ?? head.removeAt ?? head.driftCheckAt))
      return false;
    if ([...tables.requests.values()].some(({ state }) => !isFinal(state))) return false;
    return [...ledgers.values()].every(isEmpty);
  }

  conclude(calls: readonly { readonly requestId: string | null; readonly result: string }[]): void {
    const { profile, tables, time } = this.#options;
    this.inspectAll();
    this.#checkHistories();
    const disturbed = [...this.truths.values()].some(({ everDisturbed }) => everDisturbed);
    if (!profile.sweep && disturbed) return;
    for (const { id, state, lapsesAt } of tables.requests.values())
      if (!isFinal(state) && time.now > millisOf(lapsesAt) && profile.sweep)
        this.#broken("final-in-time", `${id} is ${state} at the end of all.`);
    this.#checkNothingLeft();
    if (!disturbed) this.#checkEvidence(calls);
  }

  #checkHistories(): void {
    const { tables } = this.#options;
    const events = tables.events.filter(({ requestId }) => !this.forged.has(requestId));
    for (const { requestId, seq, detail } of verifyChains(events))
      this.#broken("history-whole", `${requestId} at ${seq}: ${detail}`);
    const byRequest = Map.groupBy(events, ({ requestId }) => requestId);
    for (const [id, own] of byRequest) {
      const request = tables.requests.get(id);
      const last = own.at(-1);
      if (own.length !== request?.version || last?.to !== request.state)
        this.#broken("history-whole", `${id} has ${own.length} events for ${request?.version}.`);
      for (const { from, to, type } of own)
        if (from !== null && !LIFECYCLE[from][type]?.includes(to))
          this.#broken("history-whole", `${id} went from ${from} to ${to} by ${type}.`);
    }
  }

  #checkNothingLeft(): void {
    const { timers, ledgers, tables } = this.#options;
    for (const truth of this.truths.values()) {
      const { binding, name } = truth;
      const actual = this.#actual(truth);
      const ours =
        actual?.tags[TAG_TOKEN] !== undefined &&
        !truth.foreign.has(actual.accessEntryArn) &&
        !truth.adopted.has(actual.accessEntryArn);
      // Those who extend what they have again and again are not at an end.
      if (this.#open(truth).length > 0) continue;
      if (ours && truth.contested.size === 0 && !truth.entryContested)
        this.#broken("nothing-left", `Our entry of ${name} is still there.`);
      const ledger = ledgers.get(binding);
      if (ledger && !isEmpty(ledger))
        this.#broken("nothing-left", `The ledger of ${name} is still there.`);
      const head = tables.heads.get(binding);
      const due = head?.dueAt ?? head?.removeAt ?? head?.driftCheckAt ?? null;
      if (due !== null) this.#broken("nothing-left", `${name} is due at ${due}, for nothing.`);
    }
    const certain = this.#options.profile.unansweredLate === 0;
    for (const [name, timer] of timers) {
      if (timer.kind !== "fuse") continue;
      const truth = this.truths.get(bindingAt(timer.address));
      if (certain && !(truth && this.#open(truth).length > 0))
        this.#broken("nothing-left", `${name} is still armed.`);
    }
  }

  #checkEvidence(calls: Parameters<Oracle["conclude"]>[0]): void {
    const recorded = new Set(
      this.#options.tables.events.flatMap(({ details }) =>
        ((details["calls"] ?? []) as { readonly requestId: string | null }[]).map(
          ({ requestId }) => requestId,
        ),
      ),
    );
    for (const { requestId, result } of calls)
      if (result === "ok" && !recorded.has(requestId))
        this.#broken("evidence-whole", `${requestId} stands in nobody's history.`);
  }

  // Small things.

  #actual(truth: Truth): ActualEntry | undefined {
    return this.#options.peek(truth.address);
  }

  #open({ binding }: Truth): readonly AccessRequest[] {
    return [...(this.#options.tables.grants.get(binding)?.values() ?? [])];
  }

  #isOf({ address }: Truth, { cluster, principalArn }: AccessRequest): boolean {
    return CLUSTERS[address.cluster.name] === cluster.arn && address.principalArn === principalArn;
  }

  #reachOf({ access, cluster }: AccessRequest): Reach {
    const known = this.#reach.get(access);
    if (known) return known;
    const reach = reachOf(access, cluster.arn);
    this.#reach.set(access, reach);
    return reach;
  }

  #broken(invariant: InvariantId, detail: string): void {
    const { time } = this.#options;
    this.note("ORACLE", () => `${invariant}: ${detail}`);
    this.violations.push({ invariant, at: time.now, detail });
  }
}
