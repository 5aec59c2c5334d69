import type { AccessPolicy } from "../domain/policy/policy.ts";
import type { PolicyFinding } from "./finding.ts";

/** Limits of automatic approvals where there are none to limit. */
export const limitFindings = (policy: AccessPolicy): readonly PolicyFinding[] =>
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
