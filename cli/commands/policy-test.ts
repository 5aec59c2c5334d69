import { visible } from "../../shared/domain/values/visible-text.ts";
import type { LocatedPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { claimFindings } from "../policy/claim-outcomes.ts";
import {
  type ExpectationOutcome,
  expectationOutcomes,
  faultsText,
  holdingText,
} from "../policy/expectation-outcomes.ts";
import { type FindingsOptions, type Shown, showFindings } from "../policy/findings.ts";
import { policyBeside } from "../policy/tested-policy.ts";

export interface PolicyTestOptions extends FindingsOptions {
  /** The policy, where it is not beside the expectations. */
  readonly against?: string;
}

/**
 * `timelatch policy test`: whether a policy decides as is expected of it, and keeps its claims. A rule that no
 * expectation is about is a warning.
 *
 * @throws Failure `faulty` for an expectation or a claim that does not hold, and for warnings where `strict` asks
 *   for it; `usage`
 */
export async function policyTest(
  context: Context,
  file: string,
  options: PolicyTestOptions,
): Promise<void> {
  const policyFile = options.against ?? policyBeside(file);
  const { located, outcomes, claims } = await expectationOutcomes(file, policyFile, context.now());
  const failing = outcomes.filter(({ holds }) => !holds);
  const untested = untestedRules(
    policyFile,
    located,
    new Set(outcomes.flatMap((one) => one.rules)),
  );
  showFindings(
    context,
    [
      ...failing.map((outcome) => failureOf(file, outcome)),
      ...claimFindings(file, claims),
      ...untested,
    ],
    { file, policy: policyFile, expectations: outcomes, claims, untested: untested.length },
    options,
  );
  const counts = `${holdingText(outcomes, claims)}; ${untestedText(untested.length)}`;
  const isFailing = failing.length > 0 || claims.some(({ holds }) => !holds);
  const isWarned = untested.length > 0 || claims.some(({ faults }) => faults.length > 0);
  if (isFailing || (options.strict && isWarned)) throw notAsExpected(file, counts, isFailing);
  remark(context, `${visible(file)}: ${counts}.\n`);
}

const failureOf = (file: string, outcome: ExpectationOutcome): Shown => ({
  file,
  line: outcome.line,
  column: outcome.column,
  severity: "error",
  code: "expectation-fails",
  detail: faultsText(outcome),
});

const untestedRules = (
  file: string,
  { policy, placeOf }: LocatedPolicy,
  tested: ReadonlySet<string>,
): readonly Shown[] =>
  policy.rules.flatMap(({ name }, at): readonly Shown[] =>
    tested.has(name)
      ? []
      : [
          {
            file,
            severity: "warning",
            code: "rule-untested",
            ...placeOf({ path: ["rules", at, "name"] }),
            detail: `No expectation is about ${name}.`,
          },
        ],
  );

const untestedText = (count: number) =>
  count === 0
    ? "every rule has an expectation"
    : `${count} rule${count === 1 ? " has" : "s have"} no expectation`;

const notAsExpected = (file: string, counts: string, isFailing: boolean) =>
  new Failure("faulty", "policy-unexpected", {
    what: `${file}: ${counts}${isFailing ? "" : ", which --strict takes for an error"}.`,
    notDone: "Nothing was changed.",
    next: [
      isFailing
        ? "Next: correct the policy or what is said of it; timelatch policy explain and policy prove show how it decides."
        : "Next: write an expectation for each of these rules.",
    ],
  });
