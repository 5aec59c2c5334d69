import { randomUUID } from "node:crypto";
import type { StackEvent, StackState } from "./state.ts";

const STACK_TYPE = "AWS::CloudFormation::Stack";

/** The resource of an event. */
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
  const latest = Date.parse(stack.events.at(-1)?.at ?? at);
  // Clients sort them, so no two have the same instant.
  const later = new Date(Math.max(Date.parse(at), latest + 1)).toISOString();
  stack.events.push({
    id,
    logicalId,
    physicalId,
    type,
    status,
    at: later,
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
