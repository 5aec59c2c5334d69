/**
 * The kinds of stacks of a deployment, in the order in which they are deployed: the one place that says it. Synthesis makes
 * dependencies of it, `timelatch deploy` and `timelatch destroy` follow those, and a test compares docs/deploy.md with it. Pure.
 */

export type StackKindName =
  | "TimelatchAccount"
  | "TimelatchFuses"
  | "Timelatch"
  | "TimelatchPeople"
  | "TimelatchForward";

export interface StackKind {
  /** The beginning of its stacks' names. */
  readonly kind: StackKindName;
  /** Kinds of which all stacks are there first. */
  readonly after: readonly StackKindName[];
}

/**
 * AWS refuses a name of something that does not exist: a principal of a trust policy, the target of
 * a rule and its role, a managed policy. So a kind comes after all kinds that it names. Forwarding
 * comes last: a deployment that ends there has everything that lends and takes away.
 */
export const STACK_KINDS: readonly StackKind[] = [
  { kind: "TimelatchAccount", after: [] },
  { kind: "TimelatchFuses", after: [] },
  // A grant on a cluster without grantor role or schedule group gets no access.
  { kind: "Timelatch", after: ["TimelatchAccount", "TimelatchFuses"] },
  // People's roles carry the policy that lets them call the API.
  { kind: "TimelatchPeople", after: ["Timelatch"] },
  // Rules name the broker's event bus, and the role that forwards.
  {
    kind: "TimelatchForward",
    after: ["TimelatchAccount", "TimelatchFuses", "Timelatch", "TimelatchPeople"],
  },
];
