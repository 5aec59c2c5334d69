/** Principals that may change access entries beside Timelatch, and whether an event is theirs. */
import type { TrailCaller } from "../trail/trail-event.ts";

export interface ExpectedPrincipal {
  /** The ARN of an IAM role or user, or the name of an AWS service such as `eks.amazonaws.com`. */
  readonly principal: string;
  /** Why its changes are expected, for whoever reads the list. */
  readonly reason: string;
}

/**
 * Whether the caller is the principal. A service counts only where it acts for itself. A person who
 * lets CloudFormation make the call is still that person.
 */
export const isExpected = ({ principal }: ExpectedPrincipal, caller: TrailCaller): boolean =>
  caller.roleArn === principal ||
  (caller.roleArn === null && caller.arn === principal) ||
  (caller.type === "AWSService" && caller.invokedBy === principal);
