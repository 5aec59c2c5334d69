/** Results of the claims in `access.test.yaml`, for the commands that prove, test and deploy a policy. */
import { describeAccessOn } from "../../shared/domain/requests/access-text.ts";
import { formatDuration } from "../../shared/domain/values/duration.ts";
import type { LocatedPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import type {
  LocatedClaim,
  PolicyTests,
} from "../../shared/policy-file/policy-tests/parse-policy-tests.ts";
import type { Claim } from "../../shared/policy-tools/prove/claim.ts";
import type { LookedClass } from "../../shared/policy-tools/prove/classes.ts";
import { compileClaim, unknownNames } from "../../shared/policy-tools/prove/compile-claim.ts";
import type { DecidesBreach } from "../../shared/policy-tools/prove/decides.ts";
import { type NearMiss, nearMisses } from "../../shared/policy-tools/prove/near-miss.ts";
import {
  endingUpWith,
  holdsByBounds,
  type Proof,
  proveClaim,
  type ReachBreach,
} from "../../shared/policy-tools/prove/prove-claim.ts";
import { type BreachStep, stepsOf } from "../../shared/policy-tools/prove/steps.ts";
import type { Shown } from "./findings.ts";
import { listed, plain } from "./words.ts";

export interface ClaimOutcome {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly holds: boolean;
  /** Why it does not hold, as a sentence; null where it does, or could not be proved. */
  readonly why: string | null;
  /** The people who act in a way around it; empty where it holds. */
  readonly people: readonly string[];
  /** Their actions, one after the other. */
  readonly steps: readonly BreachStep[];
  /**
   * Whether the answer leans on what nobody documents: what Kubernetes groups may do, or a policy outside of
   * AWS's table.
   */
  readonly assumed: boolean;
  /** Smaller access that people do reach, where the claim holds. */
  readonly near: readonly NearMiss[];
  /** The principals that were looked at, where the claim holds; for `decides` the people. */
  readonly classes: readonly LookedClass[];
  /** Names that the policy lacks, exceptions that excuse nothing, and a claim that nothing could break. */
  readonly faults: readonly Omit<Shown, "file">[];
}

/** @param now the instant from which on the hours of rules are looked for */
export const claimOutcomes = (
  { policy }: Pick<LocatedPolicy, "policy">,
  { claims, groups }: Pick<PolicyTests, "claims" | "groups">,
  now: string,
): readonly ClaimOutcome[] => claims.map((claim) => outcomeOf(policy, claim, groups, now));

type Policy = LocatedPolicy["policy"];

function outcomeOf(
  policy: Policy,
  { claim: file, line, column, placeOf }: LocatedClaim,
  groups: PolicyTests["groups"],
  now: string,
): ClaimOutcome {
  const at = { name: file.name, line, column };
  const unknown = unknownNames(policy, file);
  const nothing = { why: null, people: [], steps: [], assumed: false, near: [], classes: [] };
  if (unknown.length > 0)
    return {
      ...at,
      ...nothing,
      holds: false,
      faults: unknown.map(({ path, detail }) => ({
        severity: "error",
        code: "claim-unknown-name",
        detail,
        ...placeOf(path),
      })),
    };
  const claim = compileClaim(file);
  const proof = proveClaim(policy, claim, groups);
  const faults = faultsOf(claim, proof, placeOf);
  if (!proof.breach) {
    const assumed = holdsByBounds(policy, claim, groups);
    const near = nearMisses(policy, claim, groups);
    const { classes } = proof;
    return { ...at, ...nothing, holds: faults.every(isWarning), assumed, near, classes, faults };
  }
  return { ...at, ...nothing, holds: false, ...breachOf(policy, claim, proof.breach, now), faults };
}

const isWarning = ({ severity }: Pick<Shown, "severity">) => severity === "warning";

function faultsOf(
  claim: Claim,
  { idle, isEmpty }: Proof,
  placeOf: LocatedClaim["placeOf"],
): ClaimOutcome["faults"] {
  const exceptions = claim.kind === "reach" ? claim.except : [];
  return [
    ...idle.map((one) => ({
      severity: "error" as const,
      code: "claim-excuses-nothing",
      detail: `The exception of ${one.rule} excuses nothing: "${claim.name}" holds without it.`,
      ...placeOf(["except", exceptions.indexOf(one)]),
    })),
    ...(isEmpty
      ? [
          {
            severity: "warning" as const,
            code: "claim-never-breaks",
            detail: `No rule lends anything that "${claim.name}" speaks of, so it says nothing yet.`,
            ...placeOf([]),
          },
        ]
      : []),
  ];
}

function breachOf(policy: Policy, claim: Claim, breach: ReachBreach | DecidesBreach, now: string) {
  if (breach.kind === "decides" || claim.kind === "decides")
    return {
      why: breach.kind === "decides" ? decidesText(breach) : null,
      people: breach.kind === "decides" ? [breach.person] : [],
      steps: [],
      assumed: false,
    };
  const { fewest, reaching } = breach;
  const steps = stepsOf(policy, claim.reach.cluster, breach, now);
  return {
    why: reachText(policy, claim.reach.cluster, breach, steps),
    people: fewest.people,
    steps,
    assumed: reaching.isAssumed,
  };
}

const decidesText = ({ person, rule, delegator }: DecidesBreach): string =>
  delegator === undefined
    ? `${person} may approve requests under ${rule}.`
    : `${person} may approve requests under ${rule} once ${delegator} delegates to them.`;

/** `alice and bob suffice: alice gets AmazonEKSEditPolicy in payments-api on prod, by payments-edit.` */
function reachText(
  policy: Policy,
  cluster: string,
  { fewest, reaching, unattendedSeconds }: ReachBreach,
  steps: readonly BreachStep[],
): string {
  const asked = steps.flatMap((step) => (step.kind === "request" ? [step] : []));
  const rules = [...new Set(asked.map(({ rule }) => rule))];
  const [first] = asked;
  const holders = first ? endingUpWith(policy, first.principalArn).map(({ name }) => name) : [];
  const who = listed(fewest.people, plain);
  const verb = fewest.people.length === 1 ? "suffices" : "suffice";
  const what = listed(
    [...new Set(asked.map(({ access }) => describeAccessOn(access, cluster)))],
    plain,
  );
  return [
    `${who} ${verb}: ${listed(holders, plain)} gets ${what}, by ${listed(rules, plain)}.`,
    ...(reaching.isStep && reaching.policy
      ? [
          `Whoever may create pods there, or impersonate service accounts, is one step from ${reaching.policy}.`,
        ]
      : []),
    ...(reaching.isAssumed
      ? ["It is assumed that this permits everything: AWS does not document it."]
      : []),
    ...(unattendedSeconds === undefined ? [] : [lastsText(unattendedSeconds)]),
  ].join(" ");
}

const lastsText = (seconds: number): string =>
  Number.isFinite(seconds)
    ? `It can last ${formatDuration(seconds)} while nobody else acts.`
    : "It can go on without an end while nobody else acts.";

/** `2 claims hold`, or how many do not; empty where there are no claims. */
export function claimsText(outcomes: readonly Pick<ClaimOutcome, "holds">[]): string {
  const [all, failing] = [outcomes.length, outcomes.filter(({ holds }) => !holds).length];
  if (all === 0) return "";
  return failing === 0
    ? `${all} claim${all === 1 ? " holds" : "s hold"}`
    : `${failing} of ${all} claim${all === 1 ? "" : "s"} do${failing === 1 ? "es" : ""} not hold`;
}

/** The faults of claims, as lines for people and for GitHub. */
export const claimFindings = (file: string, outcomes: readonly ClaimOutcome[]): readonly Shown[] =>
  outcomes.flatMap(({ name, line, column, why, faults }): readonly Shown[] => [
    ...(why === null
      ? []
      : [
          {
            file,
            line,
            column,
            severity: "error" as const,
            code: "claim-broken",
            detail: `"${name}" does not hold. ${why}`,
          },
        ]),
    ...faults.map((fault) => ({ file, ...fault })),
  ]);
