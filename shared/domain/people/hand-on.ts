/** Source identities and transitive tags, which sessions hand on to the next one. Pure. */
import { assumeRole, type TrustStatement } from "./trust-policy.ts";

/**
 * A session with a source identity or transitive tags hands them on to the next one. AWS refuses that one unless its role
 * allows both, and names the action that is missing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
 */
const HAND_ON = ["sts:SetSourceIdentity", "sts:TagSession"] as const;

/** IAM's variable for the source identity that the caller's session has. */
const OF_THE_SESSION = `$\{aws:SourceIdentity}`;

/** AWS's services and providers hand on under the pin that they have, and sessions by a statement of their own. */
export const withHandingOn = (statements: readonly TrustStatement[]): readonly TrustStatement[] => [
  ...statements.map((statement) =>
    "AWS" in statement.Principal || statement.Action === "sts:SetContext"
      ? statement
      : { ...statement, Action: [statement.Action, ...HAND_ON].flat() },
  ),
  ...handingOn(statements),
];

/**
 * One statement for all accounts that others trust. It opens no session: each needs
 * `sts:AssumeRole` too, under a pin. Keys of pins are not listed for these two actions, so the
 * statement has no pin. A session sets the source identity that it has, and no other one: without
 * one, the variable has no value and matches nothing.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
function handingOn(statements: readonly TrustStatement[]): readonly TrustStatement[] {
  const principals = statements
    .filter(({ Action }) => Action === "sts:AssumeRole")
    .flatMap(({ Principal }) => Principal["AWS"] ?? [])
    .filter((arn) => arn.endsWith(":root"));
  const ofSession = { StringEqualsIfExists: { "sts:SourceIdentity": OF_THE_SESSION } };
  return principals.length === 0
    ? []
    : [
        {
          ...assumeRole("HandOn", { AWS: [...new Set(principals)] }, ofSession),
          Action: HAND_ON,
        },
      ];
}
