/** The rights of the grantor roles, as sentences. */
import type { GrantorRight } from "../../shared/policy-tools/compare/grantor-rights.ts";
import { merged } from "./merged-rows.ts";
import { listed, type Mark, shortArn } from "./words.ts";

const COLUMNS = ["principal", "policy", "resource", "action", "statement"] as const;

/**
 * A sentence for statements whose bounds change in the same way. Denials belong to a role as a
 * whole: they come and go with it. Among conditions, only the namespaces are named.
 */
export function iamSentences(
  rights: readonly GrantorRight[],
  may: "may" | "may no longer",
  mark: Mark,
): readonly string[] {
  const rows = rights
    .filter(({ effect }) => effect === "Allow")
    .map((right) => ({
      role: [`the grantor role for ${right.role} in ${right.account}`],
      statement: [right.statement],
      action: [right.action],
      resource: [shortArn(right.resource)],
      principal: right.principal === null ? [] : [shortArn(right.principal)],
      policy: right.policy === null ? [] : [right.policy.split("/").at(-1) ?? right.policy],
      namespaces: right.namespaces,
    }));
  return merged(rows, COLUMNS).map((row) => {
    const parts = [
      `${row.role[0]} ${may} call ${listed(row.action, mark)}`,
      row.policy.length > 0 ? `with ${listed(row.policy, mark)}` : "",
      row.namespaces.length > 0 ? `in ${listed(row.namespaces, mark)}` : "",
      `on ${listed(row.resource, mark)}`,
      row.principal.length > 0 ? `for ${listed(row.principal, mark)}` : "",
    ].filter((part) => part !== "");
    const sentence = `${parts.join(" ")} (${listed(row.statement, (id) => id)}).`;
    return sentence.replace(/^the/, "The");
  });
}
