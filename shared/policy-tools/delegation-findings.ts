import { hasAnyToDelegate } from "../domain/policy/delegation-ask.ts";
import type { AccessPolicy } from "../domain/policy/policy.ts";
import type { PolicyFinding } from "./finding.ts";

/** Finds delegations in a policy that has nothing to delegate. */
export function delegationFindings(policy: AccessPolicy): readonly PolicyFinding[] {
  const idle = policy.rules.flatMap(
    ({ name, delegable, approval, agents = [] }, at): readonly PolicyFinding[] =>
      delegable || approval.length + agents.length > 0
        ? []
        : [
            {
              code: "delegation-without-effect",
              path: ["rules", at, "delegable"],
              detail: `${name} needs no approval. So delegable: false keeps nobody from anything.`,
            },
          ],
  );
  const isForNobody =
    policy.delegations !== undefined &&
    !Object.values(policy.people).some((person) => hasAnyToDelegate(policy, person));
  return isForNobody
    ? [
        ...idle,
        {
          code: "delegation-without-effect",
          path: ["delegations"],
          detail: "Nobody approves under a rule that can be delegated. So nobody can delegate.",
        },
      ]
    : idle;
}
