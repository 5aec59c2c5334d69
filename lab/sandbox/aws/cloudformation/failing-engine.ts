/** Changes of stacks that fail on demand, and rollbacks that fail too. */
import { jsonBody } from "../json-body.ts";
import { AwsError } from "../service.ts";
import type { Store } from "../store.ts";
import type { Answer } from "../wire.ts";
import { type MadeResource, ResourceFailure, type StackEngine, type StackOrder } from "./engine.ts";
import type { CloudFormationState } from "./state.ts";

/** A fault that is set: the next changes of the stack, by number, fail at this resource. */
interface StackFault {
  readonly stack: string;
  /** Its logical id. */
  readonly resource: string;
  readonly count: number;
}

export interface FailingEngine extends StackEngine {
  /**
   * Over HTTP: `POST {"stack":"Timelatch","resource":"<logical id>","count":2}` sets a fault, DELETE forgets all. With
   * a count of 1 an update fails, with 2 its rollback as well, with 3 the first attempt to go on with that.
   */
  readonly serve: (method: string, body: Buffer) => Answer;
}

/** A reason that CloudFormation passes on from the service of a resource. */
const REASON =
  'Resource handler returned message: "Service is unavailable" (Service: Sandbox, Status Code: 503)';

/**
 * The worst state that a stuck update leaves: all of it is there and runs, and its rollback has not
 * begun. If the rollback succeeds, nothing of the update was there.
 */
export function failingEngine(
  engine: StackEngine,
  cloudFormation: Store<CloudFormationState>,
): FailingEngine {
  let faults: readonly StackFault[] = [];
  /** Resources of updates that were not rolled back, by the stack's id. */
  const left = new Map<string, readonly MadeResource[]>();
  const take = (name: string): StackFault | undefined => {
    const found = faults.find(({ stack }) => stack === name);
    faults = faults.flatMap((one) =>
      one !== found ? one : one.count > 1 ? { ...one, count: one.count - 1 } : [],
    );
    return found;
  };
  const deploy = async (order: StackOrder) => {
    const made = await engine.deploy({ ...order, before: withLeft(order, left.get(order.id)) });
    left.delete(order.id);
    return made;
  };
  return {
    present: (order) => engine.present(order),
    remove: (order) => engine.remove(order),
    async deploy(order) {
      const fault = take(order.name);
      if (!fault) return await deploy(order);
      const isStuck = fault.count > 1 && !isRollback(cloudFormation.state, order.id);
      if (isStuck) left.set(order.id, (await deploy(withoutGone(engine, order))).resources);
      throw new ResourceFailure(fault.resource, REASON);
    },
    serve(method, body) {
      if (method === "DELETE") faults = [];
      else if (method !== "POST")
        return json(405, { message: `Faults of stacks take POST and DELETE, not ${method}.` });
      else
        try {
          faults = [...faults, parse(jsonBody(body), cloudFormation.state)];
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          return json(400, { message: error.message });
        }
      return json(200, { faults });
    },
  };
}

/** An update deletes last what it takes out of a stack, once nothing can fail any more. */
function withoutGone(engine: StackEngine, order: StackOrder): StackOrder {
  const present = engine.present(order);
  return { ...order, before: order.before.filter(({ logicalId }) => present.includes(logicalId)) };
}

const isRollback = ({ stacks }: CloudFormationState, stackId: string): boolean =>
  stacks.some(({ id, status }) => id === stackId && status === "UPDATE_ROLLBACK_IN_PROGRESS");

const withLeft = ({ before }: StackOrder, left: readonly MadeResource[] = []) => [
  ...before,
  ...left
    .filter(
      (one) =>
        !before.some(({ physicalId, type }) => physicalId === one.physicalId && type === one.type),
    )
    .map((one) => ({ ...one, status: "CREATE_COMPLETE", at: new Date().toISOString() })),
];

function parse(body: Record<string, unknown>, { stacks }: CloudFormationState): StackFault {
  const { stack, resource, count = 1, ...others } = body;
  if (
    typeof stack !== "string" ||
    typeof resource !== "string" ||
    !Number.isInteger(count) ||
    Number(count) < 1 ||
    Object.keys(others).length > 0
  )
    throw new AwsError(
      "ValidationException",
      400,
      "A fault of a stack has stack, resource and count, a whole number of at least 1. Nothing was changed.",
    );
  const named = stacks.filter(({ name, status }) => name === stack && status !== "DELETE_COMPLETE");
  if (!named.some(({ resources }) => resources.some((one) => one.logicalId === resource)))
    throw new AwsError(
      "ValidationException",
      400,
      `There is no stack ${stack} with a resource ${resource}. Nothing was changed.`,
    );
  return { stack, resource, count: Number(count) };
}

const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});
