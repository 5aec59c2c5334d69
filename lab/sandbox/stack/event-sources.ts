/** The stack's event source mappings: each polls its queue for its function. */
import { decide } from "../aws/authorize.ts";
import { sessionArn } from "../aws/identities.ts";
import { isEnabled, SOURCES_CHANGED } from "../aws/lambda/state.ts";
import type { Caller } from "../aws/service.ts";
import { openQueue } from "../aws/sqs/queue.ts";
import { LONGEST_TIMER_MS, signalOf } from "../aws/sqs/signal.ts";
import { homeOf } from "../process/place-stores.ts";
import type { SandboxState } from "../process/state.ts";
import type { EventSourceResource, FunctionResource, Stack } from "../template/stack.ts";
import { ACCOUNT, REGION } from "../world/account.ts";
import { startEventSource } from "./event-source.ts";
import { concurrencyOf, type StackFunctions } from "./stack-functions.ts";

export interface EventSourcesOptions {
  readonly stack: Stack;
  readonly state: SandboxState;
  readonly functions: StackFunctions;
  readonly log: (line: string) => void;
  /** After how many milliseconds what this caller receives is given out again, as a fault says. */
  readonly overlap: (caller: Caller) => number | undefined;
  /** Whether the region is down. */
  readonly isDown: () => boolean;
}

/**
 * Starts them. Returns a function that stops them, once what is under way has ended. Rejects, with
 * none started, where a function's role may not poll.
 */
export async function startEventSources(
  options: EventSourcesOptions,
): Promise<() => Promise<void>> {
  const { stack, state, functions, log, overlap, isDown } = options;
  for (const mapping of stack.eventSources)
    await checkPollerRole(state, mapping, functions.of(mapping.functionArn).resource);
  const sources = stack.eventSources.map((mapping) => {
    const fn = functions.of(mapping.functionArn);
    const poller = pollerOf(state, fn.resource);
    return startEventSource({
      mapping,
      queue: openQueue(homeOf(state).sqs, mapping.queueArn),
      fn,
      region: REGION,
      concurrency: concurrencyOf(fn.resource, stack),
      log,
      overlap: () => overlap(poller),
      isEnabled: () => !isDown() && isEnabled(state.lambda.state, mapping.uuid),
      changed: () => signalOf(state.lambda, SOURCES_CHANGED).wait(LONGEST_TIMER_MS),
    });
  });
  return async () => {
    await Promise.all(sources.map((source) => source.stop()));
  };
}

/** Lambda refuses a mapping whose function may not poll the queue (Developer Guide, "SQS permissions"). */
async function checkPollerRole(
  state: SandboxState,
  mapping: EventSourceResource,
  fn: FunctionResource,
): Promise<void> {
  const caller = pollerOf(state, fn);
  for (const name of ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"]) {
    const check = { action: `sqs:${name}`, resource: mapping.queueArn };
    if ((await decide(state.iam.state, caller, check, new Date())) !== "Allowed")
      throw new Error(
        `${mapping.id}: the provided execution role does not have permissions to call ${name} on SQS: ${fn.roleArn} on ${mapping.queueArn}.`,
      );
  }
}

/** Lambda polls as the function's role. */
function pollerOf(state: SandboxState, fn: FunctionResource): Caller {
  const role = state.iam.state.roles[fn.roleArn];
  if (!role) throw new Error(`${fn.name} has no role ${fn.roleArn}.`);
  return {
    arn: sessionArn(ACCOUNT, role.roleName, fn.name),
    principalArn: role.arn,
    accountId: ACCOUNT,
    userId: `${role.roleId}:${fn.name}`,
    accessKeyId: "",
  };
}
