/** Carries an operation out over the instances of a stack set. */
import { randomUUID } from "node:crypto";
import { AwsError, type Call } from "../../service.ts";
import type { CloudFormationContext } from "../context.ts";
import { optionalText, validationError } from "../errors.ts";
import type {
  StackInstanceState,
  StackSetOperationState,
  StackSetResult,
  StackSetState,
} from "../state.ts";
import { ClosedGate, noGate } from "./execution-session.ts";
import { stackSetArn } from "./stack-set-names.ts";

const OPERATION_ID = /^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/;
const CANCELLED = "Cancelled since failure tolerance has exceeded";

/** The operation that goes on at a set now. Only this process knows of one. */
const running = new WeakMap<StackSetState, string>();

/** @throws AwsError OperationInProgressException, since a stack set has one operation at a time */
export function demandIdle(context: CloudFormationContext, set: StackSetState): void {
  const other = running.get(set);
  if (other === undefined) return;
  throw new AwsError(
    "OperationInProgressException",
    409,
    `Another Operation on StackSet ${stackSetArn(context, set)} is in progress: ${other}`,
  );
}

/**
 * The operation's id, as the call gives it, or a new one.
 * @throws AwsError OperationInProgressException; OperationIdAlreadyExistsException; ValidationError
 */
export function newOperationId(
  context: CloudFormationContext,
  set: StackSetState,
  input: Call["input"],
): string {
  const id = optionalText(input, "OperationId") ?? randomUUID();
  if (!OPERATION_ID.test(id))
    throw validationError(
      `1 validation error detected: Value '${id}' at 'operationId' failed to satisfy constraint: Member must satisfy regular expression pattern: ${OPERATION_ID.source}`,
    );
  demandIdle(context, set);
  if (set.operations.some((one) => one.id === id))
    throw new AwsError(
      "OperationIdAlreadyExistsException",
      409,
      `Operation ${id} of StackSet ${set.id} already exists`,
    );
  return id;
}

/** The work of an operation on each of its instances. */
export interface OperationWork {
  readonly id: string;
  readonly action: StackSetOperationState["action"];
  readonly retainsStacks?: boolean;
  /** In the order in which they are worked on: one region after another. */
  readonly instances: readonly StackInstanceState[];
  /** @throws Error with the reason of a failure; ClosedGate before it began */
  readonly work: (instance: StackInstanceState) => Promise<void>;
}

/**
 * Works on one instance after the other. No failure is tolerated: after the first, the others are cancelled. In AWS this
 * goes on after the answer. Here the answer comes when it is done, as with change sets.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html
 */
export async function runOperation(
  { cloudFormation }: CloudFormationContext,
  set: StackSetState,
  { id, action, retainsStacks, instances, work }: OperationWork,
): Promise<void> {
  const operation: StackSetOperationState = {
    id,
    action,
    status: "RUNNING",
    createdAt: new Date().toISOString(),
    results: [],
    ...(retainsStacks === undefined ? {} : { retainsStacks }),
  };
  running.set(set, id);
  cloudFormation.change(() => set.operations.push(operation));
  try {
    for (const instance of instances) {
      const isCancelled = operation.results.some(({ status }) => status === "FAILED");
      const result = isCancelled ? cancelled(instance) : await resultOf(set, instance, work);
      cloudFormation.change(() => {
        operation.results = [...operation.results, result];
        keep(instance, operation, result);
      });
    }
    cloudFormation.change(() => {
      const hasFailed = operation.results.some(({ status }) => status === "FAILED");
      operation.status = hasFailed ? "FAILED" : "SUCCEEDED";
      operation.endedAt = new Date().toISOString();
    });
  } finally {
    running.delete(set);
  }
}

const cancelled = ({ account, region }: StackInstanceState): StackSetResult => ({
  account,
  region,
  status: "CANCELLED",
  reason: CANCELLED,
});

async function resultOf(
  set: StackSetState,
  instance: StackInstanceState,
  work: OperationWork["work"],
): Promise<StackSetResult> {
  const { account, region } = instance;
  const gate = noGate(set, account);
  try {
    await work(instance);
    return { account, region, status: "SUCCEEDED", gate };
  } catch (error) {
    const { message: reason } = error as Error;
    const closed = error instanceof ClosedGate ? { status: error.status, reason } : gate;
    return { account, region, status: "FAILED", reason, gate: closed };
  }
}

/** Records an instance's state after an operation of this kind. */
function keep(
  instance: StackInstanceState,
  { id, action }: StackSetOperationState,
  { status, reason }: StackSetResult,
): void {
  instance.lastOperationId = id;
  instance.detailedStatus = status;
  if (reason === undefined) delete instance.reason;
  else instance.reason = reason;
  if (status === "SUCCEEDED") instance.status = "CURRENT";
  if (status === "FAILED" && action !== "DELETE") instance.status = "OUTDATED";
  if (status === "FAILED" && action === "DELETE")
    Object.assign(instance, { status: "INOPERABLE", detailedStatus: "INOPERABLE" });
}
