import type { APIGatewayProxyEventV2WithIAMAuthorizer } from "aws-lambda";
import type { Actor } from "../../domain/policy/actor.ts";
import { personByCallerArn } from "../../domain/policy/identity.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { BrokerError } from "../../domain/values/errors.ts";

/**
 * The caller, from what API Gateway verified and never from the body.
 * @throws BrokerError `unknown-caller` for an identity that nobody in the policy claims
 */
export function callerOf(
  policy: AccessPolicy,
  event: APIGatewayProxyEventV2WithIAMAuthorizer,
): Actor {
  const iam = event.requestContext.authorizer?.iam;
  const member = iam && personByCallerArn(policy, iam.userArn);
  if (!member)
    throw new BrokerError(
      "unknown-caller",
      "Your AWS identity ARN is not listed in access.yaml. Nothing was done; call with your own role, or have your identity added.",
      { callerArn: iam?.userArn },
    );
  return {
    member,
    surface: "api",
    proof: { gatewayRequestId: event.requestContext.requestId, callerId: iam.callerId },
  };
}
