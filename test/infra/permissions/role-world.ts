/** The synthesized stack, and IAM's answers about the roles of its functions. */
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { ACCOUNT, broker, REGION } from "../broker.ts";

/** The ARN of something in the broker's account and region. */
export const arn = (service: string, rest: string) =>
  `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

export function roleWorld(access?: AccessPolicy) {
  const stack = broker(access);
  /** The ARN of the first resource of a type whose logical id begins so. */
  const arnOf = (type: string, start = "") =>
    stack.ofType(type).find(({ logicalId }) => logicalId.startsWith(start))?.attributes["Arn"] ??
    "";
  const tableArn = (start: string) => arnOf("AWS::DynamoDB::GlobalTable", start);
  return {
    stack,
    arnOf,
    REQUESTS: tableArn("TablesRequests"),
    AUDIT: tableArn("TablesAudit"),
    LEDGER: tableArn("TablesLedger"),
    /** Whether a role may call an action, on an item of a table with these partition keys. */
    decideAs:
      (role: string) => (action: string, resource: string, key?: string | readonly string[]) =>
        stack.decide(role, {
          action,
          resource,
          ...(key === undefined ? {} : { context: { "dynamodb:LeadingKeys": [key].flat() } }),
        }),
  };
}
