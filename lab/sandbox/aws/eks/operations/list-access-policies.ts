import type { Operation } from "../../service.ts";
import { listAccessPolicies as allPolicies } from "../access-policies.ts";
import { page } from "../paging.ts";

/** ListAccessPolicies: names and ARNs, by name. No API returns what a policy contains. */
export function listAccessPolicies(): Operation {
  return {
    permissions: () => [{ action: "eks:ListAccessPolicies", resource: "*" }],
    run: (call) => {
      const { items, nextToken } = page(
        ["ListAccessPolicies"],
        allPolicies(),
        (policy) => policy.name,
        call.input,
      );
      return { accessPolicies: items.map(({ name, arn }) => ({ name, arn })), nextToken };
    },
  };
}
