/** Sets of grants on one principal that give the access of a claim, each as small as can be. */

import { isDocumented, type Lent, missingOf, stepsUp } from "../../domain/policy/permissions.ts";
import { DOCUMENTED_RULES } from "../../domain/policy/permits.ts";
import { SYSTEM_PREFIX } from "../../domain/values/namespace-pattern.ts";
import type { GroupBounds, Reach } from "./claim.ts";
import { commonNamespace } from "./common-namespace.ts";
import type { Way } from "./ways.ts";

/** Grants that give the access together. */
export interface Reaching {
  readonly ways: readonly Way[];
  /** A namespace in which they do; undefined on the whole cluster. */
  readonly place: string | undefined;
  /** The access policy of the claim that they amount to; undefined where any access breaks it. */
  readonly policy: string | undefined;
  /** Whether that leans on what nobody documents: Kubernetes groups, or a policy outside of AWS's table. */
  readonly isAssumed: boolean;
  /** Whether the access is one step below what the claim names. */
  readonly isStep: boolean;
}

/** In a smallest set each grant adds something, so no two of them lend one policy. */
const MOST_TOGETHER = Object.keys(DOCUMENTED_RULES).length;
/** With the rights of all others. */
const CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy";

export function setsReaching(
  reach: Reach,
  ways: readonly Way[],
  bounds: GroupBounds,
): readonly Reaching[] {
  const places = reach.namespaces.length === 0 ? [undefined] : reach.namespaces;
  return places.flatMap((pattern) =>
    reach.policies.length === 0
      ? anyAccess(ways, pattern)
      : reach.policies.flatMap((policy) => [
          ...(reach.isDirect ? [] : stepping({ policy, pattern, bounds }, ways)),
          ...together({ policy, pattern, bounds }, ways),
        ]),
  );
}

/** Whether a grant there can be in a set at all. Anything else need not be looked at. */
export const mayCount =
  ({ namespaces }: Reach) =>
  ({ namespace }: Pick<Way, "namespace">): boolean =>
    isStepPlace(namespace) ||
    namespaces.length === 0 ||
    namespaces.some((pattern) => placeOf([{ namespace }], pattern) !== null);

/** Beside Kubernetes' own parts, a grant may be a step from those of every namespace. */
const isStepPlace = (namespace: string | undefined): boolean =>
  namespace === undefined || namespace.startsWith(SYSTEM_PREFIX);

const anyAccess = (ways: readonly Way[], pattern: string | undefined): readonly Reaching[] =>
  ways.flatMap((way) => {
    const place = placeOf([way], pattern);
    return place === null
      ? []
      : [{ ways: [way], place, policy: undefined, isAssumed: false, isStep: false }];
  });

interface Target {
  readonly policy: string;
  /** Where, as the claim says; undefined for anywhere. */
  readonly pattern: string | undefined;
  readonly bounds: GroupBounds;
}

/**
 * A subject that creates pods, or impersonates service accounts, beside Kubernetes' own parts is
 * cluster admin a step later, in every namespace.
 */
function stepping(target: Target, ways: readonly Way[]): readonly Reaching[] {
  const { policy, pattern, bounds } = target;
  if (policy !== CLUSTER_ADMIN) return [];
  const isThere = (way: Way) => {
    const place = placeOf([way], pattern);
    return place !== null && missing(target, [way], place === undefined) === 0;
  };
  return ways
    .filter(({ namespace }) => isStepPlace(namespace))
    .filter((way) => lentBy(way, bounds).some(stepsUp) && !isThere(way))
    .map(
      (way): Reaching => ({
        ways: [way],
        place: way.namespace,
        policy,
        isStep: true,
        isAssumed: isAssumed(way, bounds),
      }),
    );
}

/** Adds grants as long as each one adds something that is missing, and all hold in one place. */
function together(target: Target, ways: readonly Way[]): readonly Reaching[] {
  const found: Reaching[] = [];
  const add = (chosen: readonly Way[], from: number, before: number) => {
    for (const [at, way] of ways.entries()) {
      if (at < from) continue;
      const all = [...chosen, way];
      const isWhole =
        target.pattern === undefined && all.every(({ namespace }) => namespace === undefined);
      const left = missing(target, all, isWhole);
      if (left >= before) continue;
      // Asked last: to find a common name takes longer than to see that nothing is added.
      const place = placeOf(all, target.pattern);
      if (place === null) continue;
      if (left > 0) {
        if (all.length < MOST_TOGETHER) add(all, at + 1, left);
        continue;
      }
      found.push({
        ways: all,
        place,
        policy: target.policy,
        isStep: false,
        isAssumed: all.some((each) => isAssumed(each, target.bounds)),
      });
    }
  };
  add([], 0, Number.POSITIVE_INFINITY);
  return found.filter(
    ({ ways: all }) =>
      !found.some((other) => other.ways.length < all.length && isWithin(other.ways, all)),
  );
}

const isWithin = (some: readonly Way[], all: readonly Way[]) =>
  some.every((way) => all.includes(way));

const missing = ({ policy, bounds }: Target, ways: readonly Way[], isWhole: boolean): number =>
  missingOf(
    { policy, isWhole },
    ways.flatMap((way) => lentBy(way, bounds)),
  );

/** Where all of the ways hold; undefined on the whole cluster, null nowhere that the claim means. */
function placeOf(
  ways: readonly Pick<Way, "namespace">[],
  pattern: string | undefined,
): string | undefined | null {
  const patterns = [...new Set(ways.flatMap(({ namespace }) => namespace ?? []))];
  if (patterns.length === 0 && pattern === undefined) return undefined;
  const claimed = pattern === undefined ? [] : [{ text: pattern, isOfRule: false }];
  const lent = patterns.map((text) => ({ text, isOfRule: true }));
  return commonNamespace([...lent, ...claimed]) ?? null;
}

function lentBy({ policy, groups, namespace }: Way, bounds: GroupBounds): readonly Lent[] {
  if (policy !== undefined) return [{ policy, isWhole: namespace === undefined }];
  return groups.map((group) => ({
    policy: Object.hasOwn(bounds, group) ? bounds[group] : undefined,
    isWhole: true,
  }));
}

/** Nobody documents what groups may do, nor policies that AWS's table lacks. */
const isAssumed = (way: Way, bounds: GroupBounds): boolean =>
  way.policy === undefined || lentBy(way, bounds).some(({ policy }) => !isDocumented(policy));
