/** Finds access that people get by themselves, where a reader would expect an approval. */
import type { AccessPolicy } from "../domain/policy/policy.ts";
import { decidersInGroups } from "../domain/policy/policy-index.ts";
import { formatDuration } from "../domain/values/duration.ts";
import type { PolicyFinding } from "./finding.ts";

export const opennessFindings = (policy: AccessPolicy): readonly PolicyFinding[] => [
  ...adminWithoutApproval(policy),
  ...extensionWithoutApproval(policy),
  ...loneAdmins(policy),
];

/** It permits everything on the cluster, so one person could do anything there. */
const CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy";

/** Break-glass says of itself that it needs nobody. It raises an alarm, and is reviewed. */
const adminWithoutApproval = ({ rules }: AccessPolicy): readonly PolicyFinding[] =>
  rules.flatMap(({ name, who, access, approval, breakGlass }, at): readonly PolicyFinding[] => {
    const isAdmin = "policies" in access && access.policies.includes(CLUSTER_ADMIN);
    if (!isAdmin || approval.length > 0 || breakGlass) return [];
    return [
      {
        code: "admin-without-approval",
        path: ["rules", at, "approval"],
        detail: `${name} lends ${CLUSTER_ADMIN} to ${who.onCall === undefined ? "whoever asks" : `whoever is on call in ${who.onCall}`}, without an approver and without an alarm. Name approvers, or write breakGlass: true.`,
      },
    ];
  });

/** An approver agrees to the time that is asked for, and the rule gives more. */
const extensionWithoutApproval = ({ rules }: AccessPolicy): readonly PolicyFinding[] =>
  rules.flatMap(({ name, extend, approval }, at): readonly PolicyFinding[] => {
    if (extend?.approval !== "none" || approval.length === 0) return [];
    return [
      {
        code: "extension-without-approval",
        path: ["rules", at, "extend", "approval"],
        detail: `A grant under ${name} needs an approval, and its extensions need none. So every approval is one for up to ${formatDuration(extend.totalSeconds)}. Write approval: same, or a total that approvers mean.`,
      },
    ];
  });

/** Nobody lifts what they stopped themselves. In a file with one person there is nobody else to name. */
function loneAdmins(policy: AccessPolicy): readonly PolicyFinding[] {
  if (Object.keys(policy.people).length < 2) return [];
  const admins = decidersInGroups(policy, policy.roles.admins);
  const [only] = admins;
  if (only === undefined || admins.length > 1) return [];
  return [
    {
      code: "one-admin",
      path: ["roles", "admins"],
      detail: `${only} is the only admin. Nobody could lift a suspension or a drain of theirs, and nobody could suspend them. Name a second one.`,
    },
  ];
}
