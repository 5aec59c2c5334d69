/**
 * Settings that somebody changed on functions and event source mappings since their stacks were
 * deployed.
 */

/** A function as its stack declares it. */
export interface DeclaredFunction {
  readonly name: string;
  readonly arn: string;
  readonly reservedConcurrency?: number;
}

/** An event source mapping as its stack declares it. */
export interface DeclaredEventSource {
  readonly uuid: string;
  readonly queueArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly maximumConcurrency?: number;
}

/**
 * It outlives a restart. A deployment keeps it, as CloudFormation keeps settings that a template
 * did not change.
 */
export interface LambdaState {
  /** By the function's ARN, its reserved concurrency; null where somebody deleted what the template says. */
  readonly reserved: Record<string, number | null>;
  /** By UUID, the event source mappings that somebody disabled. */
  readonly disabled: Record<string, true>;
}

export const emptyLambdaState = (): LambdaState => ({ reserved: {}, disabled: {} });

/** The name of the signal of a store of {@link LambdaState} that a mapping was enabled or disabled. */
export const SOURCES_CHANGED = "event-sources";

/** How many executions of it may run at once; undefined for no limit of its own. At 0 none starts. */
export function reservedConcurrencyOf(
  { reserved }: LambdaState,
  { arn, reservedConcurrency }: DeclaredFunction,
): number | undefined {
  const set = reserved[arn];
  return set === undefined ? reservedConcurrency : (set ?? undefined);
}

/** Whether Lambda polls for it. */
export const isEnabled = ({ disabled }: LambdaState, uuid: string): boolean =>
  !Object.hasOwn(disabled, uuid);
