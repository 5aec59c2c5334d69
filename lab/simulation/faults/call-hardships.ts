/** Rare faults of calls, which last: what a call meets where a whole service or place does not work. */

import type { FuseOrder } from "../../../shared/domain/entries/fuse-schedule.ts";
import type { ClusterArn } from "../../../shared/domain/values/arn.ts";
import type { EntryAddress, Failure } from "../../../shared/ports/access-entries.ts";
import type { Invocation } from "../invocation.ts";
import { CLUSTERS, REGION } from "../sim-policy.ts";
import type { Stage } from "../stage.ts";
import { anySpan, type Hardship, type Hardships, isWithin, type Span } from "./hardship.ts";

/** The rare trouble of a call. */
export type Met =
  /** It fails before it has any effect. `operation`: the call to AWS that failed. */
  | {
      readonly kind: "fails";
      readonly hardship: Hardship;
      readonly failure: Failure;
      readonly code: string;
      readonly operation: string;
    }
  | { readonly kind: "throttled"; readonly hardship: Hardship }
  /** The call takes this long, in milliseconds: perhaps until its run is cut off. */
  | {
      readonly kind: "slow";
      readonly hardship: Hardship | "slow";
      readonly millis: number;
    };

/** A call, before it leaves its function. */
interface Leaving {
  readonly invocation: Invocation;
  readonly operation: string;
  readonly args: readonly unknown[];
}

/** A span in which calls to some clusters fail, and how often. */
interface Trouble extends Span {
  readonly clusters: ReadonlySet<string>;
  readonly share: number;
}

const SESSIONS_FAIL: readonly (readonly [Failure, string])[] = [
  ["busy", "ServiceUnavailable"],
  ["throttled", "ThrottlingException"],
  ["refused", "AccessDenied"],
];

/** Less than a refusal may last before a grant fails of it. Minutes. */
const LONGEST = 7;

/** How many calls of a run come before the one that uses up its time, at most. */
const CALLS_BEFORE = 25;

export class CallHardships {
  readonly #stage: Pick<Stage, "time" | "startedAt" | "profile">;
  readonly #hardships: Hardships;
  readonly #sts: Trouble | undefined;
  readonly #refusal: readonly [Failure, string];
  readonly #throttled: Trouble | undefined;
  readonly #region: (Span & { readonly region: string }) | undefined;
  readonly #isCounting: boolean;
  /** By run, how many calls are left before the one that uses up its time. */
  readonly #callsLeft = new WeakMap<Invocation, number>();
  /** By run, how many more views than ledgers it has read. */
  readonly #views = new WeakMap<Invocation, number>();

  constructor(stage: Pick<Stage, "time" | "startedAt" | "profile" | "hardships">) {
    const { hardships, startedAt } = stage;
    const { random } = hardships;
    this.#stage = stage;
    this.#hardships = hardships;
    const trouble = (hardship: Hardship): Trouble | undefined =>
      hardships.has(hardship)
        ? {
            ...anySpan(random, startedAt, LONGEST),
            clusters: new Set(random.pick([Object.keys(CLUSTERS), ["one", "two"], ["far"]])),
            share: random.pick([0.5, 0.9, 1]),
          }
        : undefined;
    this.#sts = trouble("stsFails");
    this.#refusal = random.pick(SESSIONS_FAIL);
    this.#throttled = trouble("clusterThrottled");
    this.#region = hardships.has("regionDown")
      ? {
          ...anySpan(random, startedAt, random.pick([2, 10, 60])),
          region: random.pick([REGION, "eu-west-1", "eu-west-1"]),
        }
      : undefined;
    this.#isCounting = hardships.has("timeUsedUp") || hardships.has("grantsOlder");
  }

  /** While the broker's own region is down, nothing reaches converge. */
  get ownRegion(): Span | undefined {
    return this.#region?.region === REGION ? this.#region : undefined;
  }

  /** Whether a region is down. Without one: the broker's own. */
  isRegionDown(region = REGION): boolean {
    const down = this.#region;
    return down !== undefined && down.region === region && isWithin(down, this.#stage.time.now);
  }

  /** The trouble of a call; undefined for nothing rare. */
  meets(call: Leaving): Met | undefined {
    const { random } = this.#hardships;
    const { operation, args, invocation } = call;
    if (invocation.spared) return undefined;
    if (this.#strikes(this.#sts, operation, args)) {
      const [failure, code] = this.#refusal;
      return { kind: "fails", hardship: "stsFails", failure, code, operation: "AssumeRole" };
    }
    const isEks = operation.startsWith("entries.") && operation !== "entries.prepare";
    if (isEks && this.#strikes(this.#throttled, operation, args))
      return { kind: "throttled", hardship: "clusterThrottled" };
    if (!this.#isCounting || !invocation.name.startsWith("converge")) return undefined;
    return this.#usesUpTime(call) ?? this.#isOvertaken(call, random.between(300, 1_900));
  }

  #strikes(trouble: Trouble | undefined, operation: string, args: readonly unknown[]): boolean {
    if (!trouble || !isWithin(trouble, this.#stage.time.now)) return false;
    const cluster = clusterOf(operation, args);
    if (!cluster || !trouble.clusters.has(cluster.name)) return false;
    return this.#hardships.random.chance(trouble.share);
  }

  /** Lambda's time limit comes at this call, or soon after it. */
  #usesUpTime({ invocation }: Leaving): Met | undefined {
    const { time, startedAt, profile } = this.#stage;
    if (!this.#hardships.has("timeUsedUp") || time.now - startedAt > profile.faultsUntil)
      return undefined;
    const { random } = this.#hardships;
    const left =
      this.#callsLeft.get(invocation) ??
      (random.chance(0.2) ? random.whole(0, CALLS_BEFORE) : Number.POSITIVE_INFINITY);
    this.#callsLeft.set(invocation, left - 1);
    if (left !== 0) return undefined;
    const until = invocation.deadline - time.now;
    const millis = random.chance(0.5) ? until + 1 : until - random.between(1, 4_000);
    return { kind: "slow", hardship: "timeUsedUp", millis: Math.max(0, millis) };
  }

  /** The ledger is read long after the grants, so that another run may save it in between. */
  #isOvertaken({ invocation, operation }: Leaving, millis: number): Met | undefined {
    if (!this.#hardships.has("grantsOlder")) return undefined;
    const views = this.#views.get(invocation) ?? 0;
    if (operation === "bindings.view") this.#views.set(invocation, views + 1);
    if (operation !== "ledgers.load") return undefined;
    this.#views.set(invocation, views - 1);
    return this.#hardships.random.chance(0.5)
      ? { kind: "slow", hardship: "slow", millis }
      : undefined;
  }

  /** Whether a run reads its grants again, since they are older than its ledger. */
  readsAgain({ operation, invocation }: Leaving): boolean {
    return operation === "bindings.view" && (this.#views.get(invocation) ?? 0) > 0;
  }
}

/** The cluster that a call is about, where it goes there. */
export function clusterOf(
  operation: string,
  [first, second]: readonly unknown[],
): ClusterArn | undefined {
  if (operation === "entries.cluster") return first as ClusterArn;
  if (operation === "schedules.armFuse") return (first as FuseOrder).address.cluster;
  if (operation === "schedules.disarmFuse") return (second as EntryAddress).cluster;
  return operation.startsWith("entries.") ? (first as EntryAddress).cluster : undefined;
}
