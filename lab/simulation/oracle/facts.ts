import type { StackSettings } from "../../../infra/synth/settings.ts";
import { type Reach, reachOf } from "../../../shared/domain/entries/access.ts";
import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import type { Ledger } from "../../../shared/domain/entries/ledger.ts";
import { scopeCovers } from "../../../shared/domain/entries/scope.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { startOf } from "../../../shared/domain/requests/grant-time.ts";
import type { Access, AccessRequest } from "../../../shared/domain/requests/request.ts";
import { EMPTY } from "../../../shared/domain/values/element-set.ts";
import type { EntryAddress } from "../../../shared/ports/access-entries.ts";
import type { ArmedTimer } from "../../fakes/memory-schedules.ts";
import type { MemoryTables } from "../../fakes/memory-tables.ts";
import type { Hardships } from "../faults/hardship.ts";
import type { PolicyChange } from "../faults/policy-change.ts";
import type { Invocation } from "../invocation.ts";
import type { Profile } from "../profile.ts";
import { CLUSTERS } from "../sim-policy.ts";
import type { VirtualTime } from "../virtual-time.ts";
import { type Bounds, boundsOf } from "./bounds.ts";
import type { InvariantId, Violation } from "./invariants.ts";
import type { Tally } from "./tally.ts";
import { keyOf, NEVER, type Truth } from "./truth.ts";

export interface FactsOptions {
  readonly time: VirtualTime;
  readonly startedAt: number;
  readonly profile: Profile;
  readonly tally: Tally;
  readonly hardships: Hardships;
  readonly stack: StackSettings;
  /** As it is deployed now. */
  readonly policy: () => AccessPolicy;
  readonly tables: MemoryTables;
  readonly timers: ReadonlyMap<string, ArmedTimer>;
  readonly ledgers: ReadonlyMap<string, Ledger>;
  readonly peek: (address: EntryAddress) => ActualEntry | undefined;
  readonly note: (actor: string, what: () => string) => void;
}

/** The invocation whose call takes effect; `late`: it had given the call up. */
export interface Effect {
  readonly invocation: Invocation;
  readonly late: boolean;
}

export const millisOf = (instant: string) => Date.parse(instant);

/** The facts of one run of the simulation, which all checks of the oracle share. */
export class Facts {
  readonly options: FactsOptions;
  readonly bounds: Bounds;
  readonly truths = new Map<string, Truth>();
  readonly violations: Violation[] = [];
  /** Requests that an intruder wrote into the table. */
  readonly forged = new Set<string>();
  /** Whether an intruder wrote anything into a table. */
  isForged = false;
  /** By person, since when a deployment has them in no group. Milliseconds since the epoch. */
  readonly lostAt = new Map<string, number>();
  /** By person, or `*` for everyone, when they were last stopped. Milliseconds since the epoch. */
  readonly stoppedAt = new Map<string, number>();
  /** By person, or `*` for everyone, when their last stop was lifted. Milliseconds since the epoch. */
  readonly liftedAt = new Map<string, number>();
  /** Deployments that lend less, and since when. Milliseconds since the epoch. */
  readonly deployments: { readonly at: number; readonly lends: PolicyChange["lends"] }[] = [];
  /** Tickets that were ever read as closed, by their keys. */
  readonly closedTickets = new Set<string>();
  /** Grants that a ledger has recorded as begun. */
  readonly begun = new Set<string>();
  /** By grant, when a ledger first recorded it as begun. */
  readonly begunAt = new Map<string, number>();
  /** By grant, when a ledger that had not begun it first recorded it as over. A call may still land then. */
  readonly forgottenAt = new Map<string, number>();
  /** By grant, when it is to end, as it was approved. */
  readonly ends = new Map<string, string>();
  /** By grant, for when its revocation was armed. */
  readonly armed = new Map<string, string>();
  /** By grant, when its last step was stored. */
  readonly savedAt = new Map<string, number>();
  /** Runs that another run overtook: it took their message, or saved the ledger first. */
  readonly overtaken = new Set<string>();
  /** Runs that read an open circuit, which kept them from calls. Another run may close it meanwhile. */
  readonly keptByCircuit = new Set<string>();
  /** By request id, the run that made a call. */
  readonly callers = new Map<string, string>();
  /** Schedules were deleted by hand. */
  handsOnSchedules = false;
  /** Since when sweeps repeat what is due; Infinity in a life without, until its end. */
  sweptFrom: number;
  current: Effect | undefined;
  readonly #reach = new WeakMap<Access, Reach>();

  constructor(options: FactsOptions) {
    this.options = options;
    this.bounds = boundsOf(options.stack, options.profile);
    this.sweptFrom = options.profile.sweep ? NEVER : Number.POSITIVE_INFINITY;
  }

  get now(): number {
    return this.options.time.now;
  }

  actual({ address }: Truth): ActualEntry | undefined {
    return this.options.peek(address);
  }

  open({ binding }: Truth): readonly AccessRequest[] {
    return [...(this.options.tables.grants.get(binding)?.values() ?? [])];
  }

  truthOf({ cluster, principalArn }: AccessRequest): Truth | undefined {
    return [...this.truths.values()].find(
      ({ address }) =>
        CLUSTERS[address.cluster.name] === cluster.arn && address.principalArn === principalArn,
    );
  }

  truthsOf({ binding }: Pick<Invocation, "binding">): readonly Truth[] {
    if (binding === undefined) return [...this.truths.values()];
    const truth = this.truths.get(binding);
    return truth ? [truth] : [];
  }

  reachOf({ access, cluster }: AccessRequest): Reach {
    const known = this.#reach.get(access);
    if (known) return known;
    const reach = reachOf(access, cluster.arn);
    this.#reach.set(access, reach);
    return reach;
  }

  /** When a grant is over: as it was approved, whatever its record says by now. */
  revokeAt({ id, revokeAt }: AccessRequest): number {
    const end = this.ends.get(id) ?? revokeAt;
    return end === null ? Number.POSITIVE_INFINITY : millisOf(end);
  }

  isArmed({ id, revokeAt }: AccessRequest): boolean {
    return this.armed.get(id) === (this.ends.get(id) ?? revokeAt);
  }

  isLive(request: AccessRequest, at = this.now): boolean {
    const { state } = request;
    const begun = millisOf(startOf(request) ?? "") - this.bounds.skew <= at;
    return (
      (state === "approved" || state === "active") &&
      begun &&
      at < this.revokeAt(request) &&
      !this.forged.has(request.id)
    );
  }

  /** Whether the policy that is deployed at a time still lends what a request is for. */
  isLent(request: AccessRequest, at = this.now): boolean {
    return this.deployments.every((each) => each.at >= at || each.lends(request));
  }

  /** Whether people noted an end of a grant, or of another one in its chain. */
  isEndNoted({ id, extends: before, extendedBy }: AccessRequest): boolean {
    const isOfChain = before !== undefined || extendedBy !== undefined;
    return this.options.tables.endNotes.some(
      (note) => note.id === id || (isOfChain && note.verb !== "cancel"),
    );
  }

  /** Whether the baseline or a live grant explains an element. */
  isExplained(truth: Truth, target: string, element: string): boolean {
    if (truth.ambiguous.has(keyOf(target, element)) || truth.entryAmbiguous) return true;
    if (scopeCovers(truth.baseline.get(target) ?? EMPTY, [element])) return true;
    return this.open(truth).some((request) => {
      const reach = this.reachOf(request);
      return (
        reach.target === target && this.isLive(request) && scopeCovers(reach.elements, [element])
      );
    });
  }

  /** Whether a grant that has begun and is not final may have put it there. */
  isClaimed(truth: Truth, target: string, element: string): boolean {
    return this.open(truth).some((request) => {
      const reach = this.reachOf(request);
      return (
        this.begun.has(request.id) && reach.target === target && reach.elements.includes(element)
      );
    });
  }

  /** The bound after `since`: tight, unless a fault may still have an effect. */
  deadline(truth: Truth, since: number, bound: number): number {
    return this.isDisturbed(truth, since)
      ? Math.max(since, truth.disturbedUntil) + this.bounds.recovery
      : since + bound;
  }

  isDisturbed({ disturbedUntil }: Truth, since: number): boolean {
    return disturbedUntil + this.bounds.recovery > since;
  }

  disturb(truth: Truth, until: number): void {
    truth.disturbedUntil = Math.max(truth.disturbedUntil, until);
    truth.everDisturbed = true;
  }

  note(actor: string, what: () => string): void {
    this.options.note(actor, what);
  }

  /** A run counted something as forged, or as older than the rest. */
  tookAsForged(what: string): void {
    if (!this.isForged)
      this.broken("none-left-out", `Nobody forged anything, and a run says: ${what}`);
  }

  broken(invariant: InvariantId, detail: string): void {
    this.note("ORACLE", () => `${invariant}: ${detail}`);
    this.violations.push({ invariant, at: this.now, detail });
  }
}
