/** Whether a policy decides as is expected of it: by the code that judges requests. */
import type { ApproversOf } from "../domain/policy/approvers.ts";
import { inOrderTried } from "../domain/policy/eligibility.ts";
import {
  type AccessPolicy,
  memberOf,
  type Rule,
  type RuleExtension,
} from "../domain/policy/policy.ts";
import { ruleNamed } from "../domain/policy/policy-index.ts";
import type { Preview } from "../domain/policy/preview.ts";
import { closestFirst } from "../domain/policy/refused-ask.ts";
import { formatDuration } from "../domain/values/duration.ts";
import { sameSet, setOf } from "../domain/values/element-set.ts";
import type { Expectation } from "../policy-file/policy-tests/policy-tests-file.ts";
import { compileExtend } from "../policy-file/rules/extend-file.ts";
import { decisionOn, type OpenAsk, type Verdict, verdictOf, type World } from "./explain.ts";

/** The outcome of one expectation. */
export interface Outcome {
  /** Sentences on what is otherwise; empty where the expectation holds. */
  readonly faults: readonly string[];
  /** The rules that it is about: the one that decides, and the one that it names. */
  readonly rules: readonly string[];
}

/** Pure. @param now when what names no instant is asked */
export function outcomeOf(policy: AccessPolicy, expected: Expectation, now: string): Outcome {
  const member = memberOf(policy, expected.who);
  const named = expected.allow?.rule ?? expected.deny?.rule;
  if (!member) return { faults: [`The policy has nobody called ${expected.who}.`], rules: [] };
  const unknown = [named, expected.ask.rule].find((rule) => rule && !ruleNamed(policy, rule));
  if (unknown) return { faults: [`The policy has no rule ${unknown}.`], rules: [] };
  const stranger = strangerOnCall(policy, expected.onCall ?? {}) ?? strangerOf(policy, expected);
  if (stranger !== undefined) return { faults: [stranger], rules: [] };
  const [ask, at, world] = [askOf(expected), expected.at ?? now, worldOf(expected)];
  const decision = decisionOn(policy, member, ask, at, world);
  const decides = decision.allowed ? [decision.rule.name] : [];
  return {
    faults: expected.allow
      ? faultsOfAllow(policy, expected.allow, decision)
      : faultsOfDeny(expected.deny ?? {}, decision, () =>
          verdictsOn(policy, named, (rule) => verdictOf(policy, rule, member, ask, { at, world })),
        ),
    rules: [...new Set([...decides, ...(named === undefined ? [] : [named])])],
  };
}

/** The world of an expectation: of the people on call it has the asker only. */
const worldOf = ({ who, onCall = {}, ticket }: Expectation): World => ({
  onCall:
    onCall === "unknown"
      ? "unknown"
      : Object.entries(onCall).flatMap(([schedule, people]) =>
          people.includes(who) ? [schedule] : [],
        ),
  ticket,
});

/** A sentence on a person of a ticket whom the policy does not have. */
export function strangerOf(
  { people }: AccessPolicy,
  { ticket }: Pick<World, "ticket">,
): string | undefined {
  if (typeof ticket !== "object") return undefined;
  const stranger = [ticket.assignee, ticket.reporter].find(
    (name) => name !== undefined && !Object.hasOwn(people, name),
  );
  return stranger === undefined ? undefined : `The policy has nobody called ${stranger}.`;
}

/** A sentence on a schedule or a person that the policy does not have. */
function strangerOnCall(
  { schedules = {}, people }: AccessPolicy,
  onCall: NonNullable<Expectation["onCall"]>,
): string | undefined {
  if (onCall === "unknown") return undefined;
  const schedule = Object.keys(onCall).find((name) => !Object.hasOwn(schedules, name));
  if (schedule !== undefined) return `The policy has no schedule ${schedule}.`;
  const person = Object.values(onCall)
    .flat()
    .find((name) => !Object.hasOwn(people, name));
  return person === undefined ? undefined : `The policy has nobody called ${person}.`;
}

function askOf({ ask }: Expectation): OpenAsk {
  const { cluster, policy, namespaces, groups = [] } = ask;
  return {
    cluster,
    access:
      policy === undefined
        ? { groups }
        : {
            policy,
            scope: namespaces ? { type: "namespace", namespaces } : { type: "cluster" },
          },
    durationSeconds: ask.duration ?? null,
    reason: ask.reason ?? null,
    principalArn: ask.principal ?? null,
    startsAt: ask.startsAt ?? null,
    ticket: ask.ticket ?? null,
    rule: ask.rule ?? null,
  };
}

function faultsOfAllow(
  policy: AccessPolicy,
  { rule, approvers, extend, delegable }: NonNullable<Expectation["allow"]>,
  decision: Preview,
): readonly string[] {
  if (!decision.allowed) return [`It is refused: ${whyOf(decision)}`];
  const decides = decision.rule.name;
  return [
    ...(rule === undefined || rule === decides
      ? []
      : [`The rule ${decides} decides, and not ${rule}.`]),
    ...(approvers === undefined ? [] : faultsOfApprovers(approvers, decision.requirements)),
    ...(extend === undefined ? [] : faultsOfExtend(extend, decision.rule)),
    ...(delegable === undefined ? [] : faultsOfDelegable(policy, delegable, decision.rule)),
  ];
}

const whyOf = ({ detail, facts }: Exclude<Preview, { readonly allowed: true }>): string =>
  facts.errors?.[0]?.detail ??
  facts.refusals?.[0]?.objections.map((objection) => objection.detail).join(" ") ??
  // An expectation stores nothing anyway.
  detail.replace(/ Nothing was stored;.*$/, "");

type ExpectedExtension = NonNullable<NonNullable<Expectation["allow"]>["extend"]>;

function faultsOfExtend(expected: ExpectedExtension, { name, extend }: Rule): readonly string[] {
  const wanted = extensionText(expected === "none" ? undefined : compileExtend(expected));
  const found = extensionText(extend);
  return wanted === found ? [] : [`The rule ${name} allows ${found}, and not ${wanted}.`];
}

/** Where a rule needs no approval, there is nothing to decide for anybody. */
function faultsOfDelegable(
  { delegations }: AccessPolicy,
  expected: boolean,
  { name, delegable, approval }: Rule,
): readonly string[] {
  if (expected === (delegations !== undefined && delegable && approval.length > 0)) return [];
  return [
    expected
      ? `${whyNotDelegable(name, delegations !== undefined, delegable)} Nobody decides for others.`
      : `The rule ${name} lets its approvers delegate.`,
  ];
}

function whyNotDelegable(name: string, isAllowed: boolean, isDelegable: boolean): string {
  if (!isAllowed) return "The policy has no delegations.";
  return isDelegable ? `The rule ${name} has no approvers.` : `The rule ${name} is not delegable.`;
}

function extensionText(extend: RuleExtension | undefined): string {
  if (!extend) return "no extension";
  const { times, totalSeconds, approval } = extend;
  const how = approval === "none" ? "without an approval" : "with the same approval";
  const often = times === 1 ? "1 extension" : `${times} extensions`;
  return `${often}, to ${formatDuration(totalSeconds)} in all, ${how}`;
}

function faultsOfApprovers(
  expected: readonly (readonly string[])[],
  found: readonly ApproversOf[],
): readonly string[] {
  if (expected.length !== found.length)
    return [`The rule has ${counted(found.length)}, and not ${counted(expected.length)}.`];
  return found.flatMap(({ people }, at) => {
    const wanted = expected[at] ?? [];
    return isSameSet(people, wanted)
      ? []
      : [`Requirement ${at + 1} can be met by ${listed(people)}, and not by ${listed(wanted)}.`];
  });
}

/** The verdict of the named rule, or of each if none is named: a thousand rules take long. */
function verdictsOn(
  policy: AccessPolicy,
  named: string | undefined,
  verdict: (rule: Rule) => Verdict,
): readonly Verdict[] {
  const one = named === undefined ? undefined : ruleNamed(policy, named);
  return (one ? [one] : inOrderTried(policy.rules)).map(verdict);
}

function faultsOfDeny(
  { rule, objections }: NonNullable<Expectation["deny"]>,
  decision: Preview,
  verdicts: () => readonly Verdict[],
): readonly string[] {
  if (decision.allowed) return [`It is allowed by ${decision.rule.name}.`];
  if (rule === undefined && objections === undefined) return [];
  const judged = verdicts().toSorted(closestFirst)[0];
  const found = judged?.objections.map(({ code }) => code) ?? [];
  if (found.length === 0) return [`The rule ${judged?.rule ?? rule} does not object.`];
  return objections === undefined || isSameSet(found, objections)
    ? []
    : [`The rule ${judged?.rule} objects ${listed(found)}, and not ${listed(objections)}.`];
}

const listed = (names: readonly string[]) => names.toSorted().join(", ") || "nobody";

const counted = (count: number) => `${count} requirement${count === 1 ? "" : "s"}`;

const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  sameSet(setOf(one), setOf(other));
