/** Break-glass that Slack lends at once, where the rules beside it let nobody decide in Slack. */
import { isAskedIn, isLentAtOnce } from "../domain/policy/glass-surface.ts";
import type { AccessPolicy, Rule } from "../domain/policy/policy.ts";
import { fewNames } from "./few-names.ts";
import type { PolicyFinding } from "./finding.ts";

/** Without Slack in the file nobody asks there. */
export const glassFindings = ({ rules, slack }: AccessPolicy): readonly PolicyFinding[] =>
  rules.flatMap((rule, at): readonly PolicyFinding[] => {
    if (!slack || !isLentAtOnce(rule) || !isAskedIn(rule, "slack")) return [];
    const stricter = rules.filter((other) => isStricterThan(rule, other)).map(({ name }) => name);
    if (stricter.length === 0) return [];
    return [
      {
        code: "break-glass-in-slack",
        path: ["rules", at, "breakGlass"],
        detail: `${rule.name} lends at once to whoever asks in Slack, where nobody may decide on ${fewNames(stricter)} for the same clusters. Write decideIn: [api], or let approvers decide in Slack too.`,
      },
    ];
  });

const isStricterThan = ({ clusters }: Rule, { approval, decideIn, ...other }: Rule): boolean =>
  approval.length > 0 &&
  !decideIn.includes("slack") &&
  other.clusters.some((name) => clusters.includes(name));
