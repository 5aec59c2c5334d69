import type { AccessPolicy } from "../domain/policy/policy.ts";
import { formatDuration } from "../domain/values/duration.ts";
import type { PolicyFinding } from "./finding.ts";

/** Limits that limit nothing, or that leave nothing. */
export const limitFindings = (policy: AccessPolicy): readonly PolicyFinding[] => [
  ...automaticFindings(policy),
  ...extensionFindings(policy),
];

/** Limits of automatic approvals without an approval to limit. */
const automaticFindings = (policy: AccessPolicy): readonly PolicyFinding[] =>
  policy.rules.flatMap(({ name, atMost, approval, breakGlass }, at): readonly PolicyFinding[] => {
    if (atMost === null || (approval.length === 0 && !breakGlass)) return [];
    const why = breakGlass ? "is for emergencies, which no limit stops" : "needs an approval";
    return [
      {
        code: "limit-without-effect",
        path: ["rules", at, "atMost"],
        detail: `${name} ${why}. So atMost limits nothing.`,
      },
    ];
  });

/** Totals that a single grant can use up. */
const extensionFindings = (policy: AccessPolicy): readonly PolicyFinding[] =>
  policy.rules.flatMap(({ name, extend, duration }, at): readonly PolicyFinding[] => {
    if (!extend || extend.totalSeconds > duration.maxSeconds) return [];
    const [total, max] = [extend.totalSeconds, duration.maxSeconds].map(formatDuration);
    return [
      {
        code: "extension-leaves-none",
        path: ["rules", at, "extend", "total"],
        detail: `${name} lends for up to ${max} at once, and for ${total} in all. So nobody can extend a grant that takes all of its time. Lengthen extend.total, or shorten duration.max.`,
      },
    ];
  });
