import { randomUUID } from "node:crypto";
import type { StackEvent, StackState } from "./state.ts";

const STACK_TYPE = "AWS::CloudFormation::Stack";

/** What an event is about. */
type About = Pick<StackEvent, "logicalId" | "physicalId" | "type">;

/** Adds an event; the id of a resource's begins with its logical id, as AWS's does. */
export function addEvent(
  stack: StackState,
  about: About,
  status: string,
  at: string,
  reason?: string,
): void {
  const id =
    about.type === STACK_TYPE ? randomUUID() : `${about.logicalId}-${status}-${randomUUID()}`;
  const { logicalId, physicalId, type } = about;
  stack.events.push({
    ...{ id, logicalId, physicalId, type, status, at },
    ...(reason === undefined ? {} : { reason }),
  });
}

/** Sets the stack's own status, with an event. */
export function setStatus(stack: StackState, status: string, at: string, reason?: string): void {
  stack.status = status;
  if (reason === undefined) delete stack.statusReason;
  else stack.statusReason = reason;
  addEvent(
    stack,
    { logicalId: stack.name, physicalId: stack.id, type: STACK_TYPE },
    status,
    at,
    reason,
  );
}
