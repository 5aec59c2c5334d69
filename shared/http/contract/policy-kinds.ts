import type { OperationKind } from "./operation-kind.ts";
import type { RouteOperation } from "./routes.ts";

/** The operations that show the policy: the caller's own part of it, and the whole. */
export const POLICY_KINDS = {
  listAccess: {
    summary: "What the caller may ask for, and who must approve it.",
    status: 200,
    answer: "Access",
    problems: ["invalid-request", "dependency-unavailable"],
  },
  readPolicy: {
    summary: "Every rule of the policy that the broker judges by, for auditors and admins.",
    status: 200,
    answer: "Policy",
    problems: ["invalid-request", "forbidden"],
  },
} satisfies Partial<Record<RouteOperation, OperationKind>>;
