/**
 * The policy that the broker is deployed with. In about an eighth of the seeds people may delegate, and a
 * deployment may take somebody's right to approve away.
 */
import type { AccessPolicy, Person } from "../../shared/domain/policy/policy.ts";
import type { PolicyChange } from "./faults/policy-change.ts";
import { seededRandom } from "./random.ts";
import { hasShifts, withShifts } from "./shift-policy.ts";
import { MACHINE, POLICY, role } from "./sim-policy.ts";
import { hasTickets, withTickets } from "./ticket-policy.ts";

/**
 * The seed of delegating has random numbers of its own, so that nothing moves in the life of other
 * seeds.
 */
const DELEGATION_SEED = 0x26b;

/** Delegates who are in no group that approves anything. */
export const DELEGATES = ["mia", "ned"] as const;

const delegate = (name: string): Person => ({
  email: `${name}@example.com`,
  groups: [],
  identities: { iam: [], slack: [`T0001/U-${name}`] },
  principals: [],
});

/** The policy of seeds in which people delegate. Nobody decides for others on access in groups. */
const DELEGATING: AccessPolicy = {
  ...POLICY,
  people: {
    ...POLICY.people,
    ...Object.fromEntries(DELEGATES.map((name) => [name, delegate(name)])),
  },
  delegations: { longestSeconds: 3_600 },
  rules: POLICY.rules.map((rule) =>
    rule.name === "groups" ? { ...rule, delegable: false } : rule,
  ),
};

/** A machine has random numbers of its own, as delegating has. No mutant's seed has one. */
const MACHINE_SEED = 0x3fc4;

/** In every group that decides, as no file may have it. Dan is the person in the group of its owners. */
const withMachine = (policy: AccessPolicy): AccessPolicy => ({
  ...policy,
  people: {
    ...policy.people,
    [MACHINE]: {
      email: "team@example.com",
      groups: ["engineers", "leads", "admins", "keepers", "watched", "first", "second", "third"],
      identities: { iam: [role(`people/${MACHINE}`)], slack: [] },
      principals: [role("oncall")],
      machine: { owners: ["admins"], ownersApprove: false },
    },
  },
});

/** Whether a machine asks in the life of a seed. */
export const hasMachine = (seed: number): boolean =>
  seededRandom(-seed ^ MACHINE_SEED).chance(1 / 8);

export const machineRandom = (seed: number) => seededRandom(seed ^ MACHINE_SEED);

/** Whether people delegate in the life of a seed. */
export const areDelegating = (seed: number): boolean =>
  seededRandom(-seed ^ DELEGATION_SEED).chance(1 / 8);

/** The random numbers that decide how they delegate. */
export const delegationRandom = (seed: number) => seededRandom(seed ^ DELEGATION_SEED);

/** The policy as it is deployed at a time. */
export class DeployedPolicy {
  #policy: AccessPolicy;
  readonly #versions = new Map<string, AccessPolicy>();
  #isTold = true;

  constructor(seed: number) {
    const policy = areDelegating(seed) ? DELEGATING : POLICY;
    const peopled = hasMachine(seed) ? withMachine(policy) : policy;
    const called = hasShifts(seed) ? withShifts(peopled) : peopled;
    this.#policy = hasTickets(seed) ? withTickets(called) : called;
    this.#versions.set(this.#policy.hash, this.#policy);
  }

  /** Each version by its hash; undefined where one changed, and kept its hash. */
  get versions(): ReadonlyMap<string, AccessPolicy> | undefined {
    return this.#isTold ? this.#versions : undefined;
  }

  get now(): AccessPolicy {
    return this.#policy;
  }

  /** A deployment lends less than the one before. */
  changes({ change }: PolicyChange): void {
    this.#policy = change(this.#policy);
    this.#isTold &&= !this.#versions.has(this.#policy.hash);
    this.#versions.set(this.#policy.hash, this.#policy);
  }

  /** Somebody leaves every group, by a deployment, unless they have left the policy before. */
  leavesGroups(name: string): void {
    const person = this.#policy.people[name];
    if (!person) return;
    const people = { ...this.#policy.people, [name]: { ...person, groups: [] } };
    this.#policy = { ...this.#policy, people };
    this.#isTold = false;
  }
}
