import { NODE_OR_SERVICE_ENTRY } from "./entry-conditions.ts";
import type { GrantorStatement } from "./grantor-statement.ts";

/**
 * Denies for both grantor roles, whatever an allow says now or later.
 *
 * @param brokerRoles ARNs of the broker's own roles, to which nothing is ever lent
 */
export const grantorDenies = (brokerRoles: readonly string[]): readonly GrantorStatement[] => [
  {
    Sid: "DenyNodeAndServiceEntries",
    Effect: "Deny",
    Action: [
      "eks:UpdateAccessEntry",
      "eks:AssociateAccessPolicy",
      "eks:DisassociateAccessPolicy",
      "eks:DeleteAccessEntry",
    ],
    Resource: ["*"],
    Condition: NODE_OR_SERVICE_ENTRY,
  },
  {
    Sid: "DenyBrokerRoles",
    Effect: "Deny",
    Action: ["eks:CreateAccessEntry", "eks:UpdateAccessEntry", "eks:AssociateAccessPolicy"],
    Resource: ["*"],
    Condition: { ArnEquals: { "eks:principalArn": brokerRoles } },
  },
];
