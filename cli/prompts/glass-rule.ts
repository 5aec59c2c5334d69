/** The break-glass rule that is offered for a pending request. */
import { lends } from "../../shared/domain/policy/rule-access.ts";
import { describeAccessOn } from "../../shared/domain/requests/access-text.ts";
import { formatDuration } from "../../shared/domain/values/duration.ts";
import { meantText } from "../../shared/domain/values/nearest-text.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { AccessAnswer, AccessRuleAnswer } from "../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { Failure } from "../failures/failure.ts";

/** Rules of the caller that lend at once what a pending request asks for, in the order of the file. */
const glassRules = (
  { rules }: AccessAnswer,
  { access, cluster, principalArn }: RequestAnswer,
): readonly AccessRuleAnswer[] =>
  rules.filter(
    (rule) =>
      rule.breakGlass &&
      rule.requirements.length === 0 &&
      rule.hours?.isOpen !== false &&
      rule.clusters.includes(cluster) &&
      rule.principals.includes(principalArn) &&
      lends(rule, access),
  );

/**
 * The rule by which a request would become break-glass, in words: the named one, or else the first that lends the access.
 * The API judges it again.
 *
 * @returns empty where the request can become no break-glass whatever the rules: the API says why
 * @throws Failure `refused` where no rule lends it, or not the named one
 */
export function glassRuleText(
  lent: AccessAnswer,
  request: RequestAnswer,
  named: string | undefined,
): string {
  if (request.state !== "pending" || request.breakGlass || request.extends !== undefined) return "";
  const rules = glassRules(lent, request);
  const rule = named === undefined ? rules[0] : rules.find((each) => each.rule === named);
  if (!rule) throw notLent(rules, request, named);
  const seconds = Math.min(request.durationSeconds, rule.duration.maxSeconds);
  return `By ${visible(rule.rule)}, for ${formatDuration(seconds)}.\n`;
}

function notLent(
  rules: readonly AccessRuleAnswer[],
  { access, cluster, id }: RequestAnswer,
  named: string | undefined,
): Failure {
  const names = rules.map(({ rule }) => rule);
  const what = describeAccessOn(access, cluster);
  const [code, said] =
    named === undefined || names.length === 0
      ? ["no-break-glass", `No break-glass rule for you lends ${what} at once.`]
      : [
          "break-glass-denied",
          `${named} is no break-glass rule that lends you ${what} at once.${meantText(named, names)}`,
        ];
  return new Failure("refused", code, {
    what: said,
    notDone: "Nothing was sent.",
    next:
      names.length > 0
        ? [`Next: name one of these by --rule: ${names.join(", ")}.`]
        : ["Next: wait for its approvers; see who they are:", `  timelatch show ${id}`],
  });
}
