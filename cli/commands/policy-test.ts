import { visible } from "../../shared/domain/values/visible-text.ts";
import type { LocatedPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import {
  type ExpectationOutcome,
  expectationOutcomes,
  faultsText,
  holdingText,
} from "../policy/expectation-outcomes.ts";
import { type FindingsOptions, type Shown, showFindings } from "../policy/findings.ts";

export interface PolicyTestOptions extends FindingsOptions {
  /** The policy, where it is not beside the expectations. */
  readonly against?: string;
}

/**
 * `timelatch policy test`: whether a policy decides as is expected of it. A rule that no expectation
 * is about is a warning.
 *
 * @throws Failure `faulty` for an expectation that does not hold, and for warnings where `strict` asks
 *   for it; `usage`
 */
export async function policyTest(
  context: Context,
  file: string,
  options: PolicyTestOptions,
): Promise<void> {
  const policyFile = options.against ?? policyBeside(file);
  const { located, outcomes } = await expectationOutcomes(file, policyFile, context.now());
  const failing = outcomes.filter(({ holds }) => !holds);
  const untested = untestedRules(
    policyFile,
    located,
    new Set(outcomes.flatMap((one) => one.rules)),
  );
  showFindings(
    context,
    [...failing.map((outcome) => failureOf(file, outcome)), ...untested],
    { file, policy: policyFile, expectations: outcomes, untested: untested.length },
    options,
  );
  const counts = `${holdingText(outcomes)}; ${untestedText(untested.length)}`;
  if (failing.length > 0 || (options.strict && untested.length > 0))
    throw notAsExpected(file, counts, failing.length > 0);
  remark(context, `${visible(file)}: ${counts}.\n`);
}

const failureOf = (file: string, outcome: ExpectationOutcome): Shown => ({
  ...{ file, line: outcome.line, column: outcome.column },
  ...{ severity: "error", code: "expectation-fails", detail: faultsText(outcome) },
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
            ...{ file, severity: "warning", code: "rule-untested" },
            ...placeOf({ path: ["rules", at, "name"] }),
            detail: `No expectation is about ${name}.`,
          },
        ],
  );

/** `access.test.yaml` is about the `access.yaml` beside it. @throws Failure `usage` */
function policyBeside(file: string): string {
  const beside = file.replace(/\.test(\.ya?ml)$/, "$1");
  if (beside !== file) return beside;
  throw new Failure("usage", "usage", {
    happened: `${file} does not say by its name which policy it is about.`,
    undone: "Nothing was done.",
    next: ["Next: call it <policy>.test.yaml, or name the policy: --against access.yaml."],
  });
}

const untestedText = (count: number) =>
  count === 0 ? "every rule has one" : `${count} rule${count === 1 ? " has" : "s have"} none`;

const notAsExpected = (file: string, counts: string, isFailing: boolean) =>
  new Failure("faulty", "policy-unexpected", {
    happened: `${file}: ${counts}${isFailing ? "" : ", which --strict takes for an error"}.`,
    undone: "Nothing was changed.",
    next: [
      isFailing
        ? "Next: correct the policy or the expectation; timelatch policy explain shows how it decides."
        : "Next: write an expectation for each of these rules.",
    ],
  });
