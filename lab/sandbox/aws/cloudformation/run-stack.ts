/** Makes, updates and deletes a stack, and undoes what fails, with the statuses and events of AWS. */
import { regionOf } from "../accounts.ts";
import type { Caller } from "../service.ts";
import type { Store } from "../store.ts";
import { resourceChanges } from "./changes.ts";
import {
  type MadeResource,
  type MadeStack,
  ResourceFailure,
  type StackEngine,
  type StackOrder,
} from "./engine.ts";
import { PartlyDeleted } from "./partly-deleted.ts";
import { addEvent, setStatus } from "./stack-events.ts";
import type { CloudFormationState, StackInput, StackResource, StackState } from "./state.ts";
import { parseTemplate } from "./template-text.ts";

/** The context of every run. */
export interface StackRun {
  readonly cloudFormation: Store<CloudFormationState>;
  readonly engine: StackEngine;
  /** As whom resources are made; absent: the sandbox itself. */
  readonly actor?: Caller;
  /** ISO 8601 UTC. */
  readonly now: () => string;
}

/** The statuses of a stack while it is made, and while it is updated. */
const STATUSES = {
  CREATE: {
    begins: "CREATE_IN_PROGRESS",
    ends: ["CREATE_COMPLETE"],
    failed: "ROLLBACK_IN_PROGRESS",
    undone: "ROLLBACK_COMPLETE",
    stuck: "ROLLBACK_FAILED",
  },
  UPDATE: {
    begins: "UPDATE_IN_PROGRESS",
    ends: ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"],
    failed: "UPDATE_ROLLBACK_IN_PROGRESS",
    undone: "UPDATE_ROLLBACK_COMPLETE",
    stuck: "UPDATE_ROLLBACK_FAILED",
  },
} as const;

/** Carries the order out. Never rejects: what became of it is in the stack's status and events. */
export async function runStack(
  run: StackRun,
  stack: StackState,
  kind: "CREATE" | "UPDATE",
  input: StackInput,
): Promise<void> {
  const { cloudFormation, engine, now } = run;
  const status = STATUSES[kind];
  const before = stack.input;
  const order = orderOf(run, stack, input);
  cloudFormation.change(() => setStatus(stack, status.begins, now(), "User Initiated"));
  try {
    const made = await engine.deploy(order);
    cloudFormation.change(() => {
      keep(stack, kind, input, made, now());
      for (const end of status.ends) setStatus(stack, end, now());
    });
  } catch (error) {
    cloudFormation.change(() => fail(stack, kind, input, error as Error, now()));
    await undo(run, stack, kind, before, { ...order, before: madeBefore(error) });
  }
}

/** The order to the engine for a stack. */
export const orderOf = (
  { actor }: Pick<StackRun, "actor">,
  stack: StackState,
  input: StackInput,
): StackOrder => ({
  account: stack.account,
  region: regionOf(stack.id),
  name: stack.name,
  id: stack.id,
  input,
  before: stack.resources,
  ...(stack.input === undefined ? {} : { previous: stack.input }),
  ...(actor === undefined ? {} : { actor }),
});

/** Records what was made, with events for each resource that is new, changed or gone. */
function keep(
  stack: StackState,
  kind: "CREATE" | "UPDATE",
  input: StackInput,
  { resources, outputs }: MadeStack,
  at: string,
): void {
  const before = new Map(stack.resources.map((one) => [one.logicalId, one]));
  const present = resources.map(({ logicalId }) => logicalId);
  const changes = resourceChanges(stack.input, input, stack.resources, present);
  const changed = new Set(changes.map(({ logicalId }) => logicalId));
  const kept = resources.map((made): StackResource => {
    const known = before.get(made.logicalId);
    before.delete(made.logicalId);
    if (known?.physicalId === made.physicalId) {
      if (!changed.has(made.logicalId)) return { ...known, ...made };
      addEvent(stack, made, "UPDATE_IN_PROGRESS", at);
      addEvent(stack, made, "UPDATE_COMPLETE", at);
      return { ...made, status: "UPDATE_COMPLETE", at };
    }
    addEvent(stack, made, "CREATE_IN_PROGRESS", at);
    addEvent(stack, made, "CREATE_COMPLETE", at);
    return { ...made, status: "CREATE_COMPLETE", at };
  });
  for (const gone of before.values())
    addEvent(stack, gone, gone.isRetained ? "DELETE_SKIPPED" : "DELETE_COMPLETE", at);
  stack.resources = kept;
  stack.outputs = outputs;
  stack.input = input;
  if (kind === "UPDATE") stack.updatedAt = at;
}

/** Names what failed, and that the rest is undone. */
function fail(
  stack: StackState,
  kind: "CREATE" | "UPDATE",
  input: StackInput,
  error: Error,
  at: string,
): void {
  const logicalId = error instanceof ResourceFailure ? error.logicalId : undefined;
  const type = logicalId && parseTemplate(input.template).Resources[logicalId]?.Type;
  if (logicalId === undefined || type === undefined) {
    setStatus(stack, STATUSES[kind].failed, at, error.message);
    return;
  }
  const known = stack.resources.find((one) => one.logicalId === logicalId);
  const physicalId = known?.physicalId ?? "";
  const failed = known === undefined ? "CREATE_FAILED" : "UPDATE_FAILED";
  for (const one of madeBefore(error)) addEvent(stack, one, "CREATE_COMPLETE", at);
  addEvent(stack, { logicalId, physicalId, type }, failed, at, error.message);
  setStatus(
    stack,
    STATUSES[kind].failed,
    at,
    `The following resource(s) failed to ${kind.toLowerCase()}: [${logicalId}]. Rollback requested by user.`,
  );
}

/**
 * The resources that a failed operation made, in its order. The deletion policy for new resources
 * decides whether one stays.
 */
const madeBefore = (error: unknown): readonly MadeResource[] =>
  error instanceof ResourceFailure
    ? error.made.map((one) => ({ ...one, isRetained: one.isRetainedWhenNew === true }))
    : [];

/** @param order with what the failed operation had made */
async function undo(
  { cloudFormation, engine, now }: StackRun,
  stack: StackState,
  kind: "CREATE" | "UPDATE",
  before: StackInput | undefined,
  order: Omit<StackOrder, "before"> & { readonly before: readonly MadeResource[] },
): Promise<void> {
  const { undone, stuck } = STATUSES[kind];
  const at = now();
  const made = order.before.map((one) => ({ ...one, status: "CREATE_COMPLETE", at }));
  try {
    if (kind === "UPDATE" && before !== undefined)
      await engine.deploy({ ...order, input: before, before: [...stack.resources, ...made] });
    else await engine.remove({ ...order, before: made });
    cloudFormation.change(() => {
      // The last is undone first.
      for (const one of made.toReversed())
        addEvent(stack, one, one.isRetained ? "DELETE_SKIPPED" : "DELETE_COMPLETE", at);
      setStatus(stack, undone, at);
    });
  } catch (error) {
    cloudFormation.change(() => {
      if (kind === "CREATE") Object.assign(stack, { input: order.input, resources: made });
      setStatus(stack, stuck, at, (error as Error).message);
    });
  }
}

/** Deletes the stack's resources, but for those that are retained. Never rejects. */
export async function deleteStackNow(run: StackRun, stack: StackState): Promise<void> {
  const { cloudFormation, engine, now } = run;
  cloudFormation.change(() => setStatus(stack, "DELETE_IN_PROGRESS", now(), "User Initiated"));
  try {
    if (stack.input !== undefined) await engine.remove(orderOf(run, stack, stack.input));
    cloudFormation.change(() => {
      for (const one of stack.resources)
        addEvent(stack, one, one.isRetained ? "DELETE_SKIPPED" : "DELETE_COMPLETE", now());
      stack.resources = [];
      stack.deletedAt = now();
      stack.changeSets = [];
      setStatus(stack, "DELETE_COMPLETE", now());
    });
  } catch (error) {
    const logicalId = error instanceof ResourceFailure ? error.logicalId : undefined;
    const failed = stack.resources.find((one) => one.logicalId === logicalId);
    cloudFormation.change(() => {
      if (failed) addEvent(stack, failed, "DELETE_FAILED", now(), (error as Error).message);
      if (failed && error instanceof PartlyDeleted) keepOnly(stack, failed, now());
      const reason = failed
        ? `The following resource(s) failed to delete: [${failed.logicalId}]. `
        : (error as Error).message;
      setStatus(stack, "DELETE_FAILED", now(), reason);
    });
  }
}

/** Everything else of the stack was deleted, or stays outside the stack. */
function keepOnly(stack: StackState, left: StackResource, at: string): void {
  for (const one of stack.resources)
    if (one !== left)
      addEvent(stack, one, one.isRetained ? "DELETE_SKIPPED" : "DELETE_COMPLETE", at);
  stack.resources = [left];
}
