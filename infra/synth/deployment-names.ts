/**
 * Names of AWS resources that are unique in an account or a region. Each begins with the deployment's
 * name: docs/adr/0024-deployment-names.md. Pure.
 */
import { DEFAULT_DEPLOYMENT } from "../../shared/domain/values/deployment.ts";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

/**
 * The name of a role. It is fixed, since roles of other accounts name it in their trust policies.
 *
 * @param part what the role is for, such as `converge`
 * @throws Error for a name that IAM would refuse
 */
export function roleNameOf(deployment: string, part: string): string {
  const name = `${deployment}-${part}`;
  if (!ROLE_NAME.test(name))
    throw new Error(
      `IAM has no role called ${name}: 1 to 64 letters, digits and _+=,.@- are possible. Nothing was synthesized. Write a shorter deployment in access.yaml.`,
    );
  return name;
}

/** The name of a FIFO queue. Schedules that are armed name it, and nobody else's queue of an account is called so. */
export const queueNameOf = (deployment: string, part: string): string =>
  `${deployment}-${part}.fifo`;

/** The name of the event bus that takes CloudTrail's events from other accounts and regions. */
export const trailBusNameOf = (deployment: string): string => `${deployment}-trail`;

/**
 * The name of a stack, which CloudFormation puts into the names of functions, tables and logs.
 *
 * @param kind `Timelatch`, or that and what else the stack is for
 */
export const stackNameOf = (
  deployment: string,
  kind: string,
  ...parts: readonly (string | number)[]
): string => [kind, ...(deployment === DEFAULT_DEPLOYMENT ? [] : [deployment]), ...parts].join("-");
