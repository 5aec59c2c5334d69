/** The policy of lives in which people are on call. Facts of its own, so that the oracle needs no code of the broker. */
import type { AccessPolicy, Person, Rule } from "../../shared/domain/policy/policy.ts";
import { seededRandom } from "./random.ts";
import { PRINCIPALS, role } from "./sim-policy.ts";

/** Shifts have random numbers of their own. No other mutant's seed has them. */
const SHIFT_SEED = 0x67c6;

/** Whether a rule is for whoever is on call in the life of a seed. */
export const hasShifts = (seed: number): boolean => seededRandom(-seed ^ SHIFT_SEED).chance(1 / 8);

export const shiftRandom = (seed: number) => seededRandom(seed ^ SHIFT_SEED);

/** Those who take turns, by their ids at the service. */
export const CALLERS: Readonly<Record<string, string>> = { sam: "PSAM01", tom: "PTOM01" };
export const SCHEDULE = "pagerduty/us/PSIM01";
/** The rule for whoever is on call, and the break-glass that lends the same. */
export const CALLED = "called";
const CALL_GLASS = "call-glass";
/** The reason of a request that names no rule. */
export const UNNAMED = "whatever lends it";

const caller = (name: string, id: string): Person => ({
  email: `${name}@example.com`,
  groups: ["callers"],
  identities: { iam: [role(`people/${name}`)], slack: [`T0001/U-${name}`] },
  principals: PRINCIPALS.map(role),
  outside: { pagerduty: id },
});

/** Sam and tom are in no other group, so that only these two rules are for them. */
export function withShifts(policy: AccessPolicy): AccessPolicy {
  const plain = policy.rules.find(({ name }) => name === "refused");
  if (!plain) throw new Error("The policy has no rule that lends without an approver.");
  const shared: Rule = {
    ...plain,
    access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["app-*"], wildcards: false },
  };
  const who = { people: [], groups: ["callers"] };
  return {
    ...policy,
    schedules: { primary: { service: "pagerduty", schedule: "PSIM01", region: "us" } },
    people: {
      ...policy.people,
      ...Object.fromEntries(Object.entries(CALLERS).map(([name, id]) => [name, caller(name, id)])),
    },
    rules: [
      ...policy.rules,
      { ...shared, name: CALLED, who: { ...who, onCall: "primary" }, endsWithShift: true },
      { ...shared, name: CALL_GLASS, who, breakGlass: true },
    ],
  };
}
