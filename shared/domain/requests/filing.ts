import { hashOf } from "../values/canonical-json.ts";
import type { AccessRequest, Filing } from "./request.ts";
import { approverGroups } from "./requirement.ts";

type Filed = Pick<
  AccessRequest,
  | "requester"
  | "cluster"
  | "principalArn"
  | "access"
  | "rule"
  | "requirements"
  | "extends"
  | "filed"
  | "ticket"
>;

/**
 * The names under which a pending request is found. The rule is part of the terms, so someone who
 * waits for an approval can still use break-glass. A request keeps its filing when its terms become
 * less. So its decision deletes exactly what its creation wrote.
 */
export const filingOf = ({ filed, requirements, ticket, ...terms }: Filed): Filing => {
  const { requester, cluster, principalArn, access, rule } = terms;
  return (
    filed ?? {
      terms:
        terms.extends === undefined
          ? hashOf({ requester, clusterArn: cluster.arn, principalArn, access, rule })
          : extensionTerms(terms.extends),
      groups: [
        ...new Set(requirements.flatMap(approverGroups)),
        ...(ticket === undefined ? [] : [WITH_TICKET]),
      ],
    }
  );
};

/** One extension of a grant may be pending, so all of them are found under one name. */
export const extensionTerms = (grantId: string): string => hashOf({ extends: grantId });

/** A name under which pending requests with a ticket are found. No group is called so. */
export const WITH_TICKET = "@ticket";
