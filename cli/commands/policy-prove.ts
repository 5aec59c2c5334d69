import { clockText } from "../../shared/domain/policy/hours.ts";
import { formatDuration } from "../../shared/domain/values/duration.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { parsePolicyTests } from "../../shared/policy-file/policy-tests/parse-policy-tests.ts";
import type { NearMiss } from "../../shared/policy-tools/prove/near-miss.ts";
import type { BreachStep } from "../../shared/policy-tools/prove/steps.ts";
import { answer, type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { type ClaimOutcome, claimOutcomes, claimsText } from "../policy/claim-outcomes.ts";
import { keepingPolicies } from "../policy/kept-policy.ts";
import { readStrictly } from "../policy/read-policy.ts";
import { policyBeside } from "../policy/tested-policy.ts";
import { listed, plain } from "../policy/words.ts";
import { commandLine } from "../prompts/request-terms.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrapLines } from "../terminal/text-layout.ts";

export interface PolicyProveOptions {
  /** The policy, where it is not beside the claims. */
  readonly against?: string;
}

/**
 * `timelatch policy prove`: whether a policy keeps each claim under `never:`, and the commands that break it where
 * it does not.
 *
 * @throws Failure `faulty` where a claim does not hold, or a file is not sound; `usage`
 */
export async function policyProve(
  context: Context,
  file: string,
  options: PolicyProveOptions,
): Promise<void> {
  const policyFile = options.against ?? policyBeside(file);
  const located = await readStrictly(policyFile, keepingPolicies(context.env));
  const tests = await readStrictly(file, parsePolicyTests);
  const outcomes = claimOutcomes(located, tests, context.now());
  const { out } = context.screen;
  answer(context, { file, policy: policyFile, claims: outcomes }, () =>
    outcomes.map((outcome) => outcomeText(file, outcome, out)).join(""),
  );
  const counts = claimsText(outcomes) || "no claim is under never:";
  if (outcomes.every(({ holds }) => holds)) {
    remark(context, `${visible(file)}: ${counts}.\n`);
    return;
  }
  throw new Failure("faulty", "policy-unproved", {
    what: `${file}: ${counts}.`,
    notDone: "Nothing was changed.",
    next: [
      "Next: correct the policy, or the claim where it means something else: timelatch docs policy.",
    ],
  });
}

function outcomeText(file: string, outcome: ClaimOutcome, out: Stream): string {
  const { name, holds, why, faults, steps } = outcome;
  const mark = holds ? out.paint("green", "✔ holds  ") : out.paint("red", "✘ fails  ");
  const found = faults.map(
    ({ line, column, severity, detail, code }) =>
      `${visible(file)}:${line}:${column}: ${severity}: ${visible(detail)} [${code}]`,
  );
  const text = [...(why === null ? [] : [visible(why)]), ...found, ...heldText(outcome)];
  const below = text.map((one) => indented(wrapLines(one, out.columns - 4), "    "));
  const commands = steps.map((step) => indented(stepText(step, out.columns - 4), "    "));
  return [`${mark}${visible(name)}\n`, ...below, ...commands].join("");
}

/** The grounds of a claim that holds, and how near it came. */
const heldText = ({ holds, assumed, near }: ClaimOutcome): readonly string[] =>
  holds
    ? [
        ...(assumed
          ? ["It is assumed that Kubernetes groups may do no more than groups says."]
          : []),
        ...near.map(nearText),
      ]
    : [];

const nearText = ({ policy, than, rules, kinds: { shared, all } }: NearMiss): string => {
  const text = `Near: ${policy} by ${listed(rules, plain)} permits ${shared} of the ${all} kinds of request of ${than} that AWS names.`;
  return shared < all ? text : `${text} It lacks those that AWS names by * only.`;
};

const indented = (text: string, by: string): string =>
  `${text
    .split("\n")
    .map((line) => `${by}${line}`)
    .join("\n")}\n`;

/** A command, with who gives it. */
function stepText(step: BreachStep, width: number): string {
  if (step.kind === "approve") {
    const behalf = step.onBehalfOf === undefined ? "" : ` --on-behalf-of ${step.onBehalfOf}`;
    return `timelatch approve <request ${step.request + 1}>${behalf}   # ${actorText(step)}`;
  }
  const { cluster, access, durationSeconds, reason, principalArn, rule } = step;
  const terms = {
    cluster,
    ...("groups" in access
      ? { group: access.groups }
      : access.scope.type === "cluster"
        ? { policy: access.policy, clusterScope: true as const }
        : { policy: access.policy, namespace: access.scope.namespaces }),
    duration: formatDuration(durationSeconds),
    reason: reason ?? "<a reason with a ticket that the rule takes>",
    principal: principalArn,
    rule,
  };
  return `${commandLine(terms, width)}   # ${actorText(step)}`;
}

const actorText = ({ as, when }: BreachStep): string =>
  when ? `as ${as}, on ${clockText(when.hours, when.at)}` : `as ${as}`;
