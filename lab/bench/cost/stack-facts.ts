/** The resources of the broker's stack that have a monthly price. */
import type { Memory } from "./meter.ts";
import type { Usage } from "./usage.ts";

/** A CloudFormation template, as far as it is read here. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface StackFacts {
  /** Megabytes by function. */
  readonly memory: Memory;
  readonly alarms: number;
  readonly keys: number;
  readonly dashboards: number;
  /** Custom metrics. They have data only in hours in which something is wrong: `trouble-metrics.ts`. */
  readonly metrics: number;
  /** Queues that Lambda polls. */
  readonly polled: { readonly fifo: number; readonly standard: number };
}

const ROLE = /^timelatch-(.+)$/;

export function stackFacts({ Resources }: Template): StackFacts {
  const all = Object.values(Resources);
  const ofType = (type: string) =>
    all.filter(({ Type }) => Type === type).map(({ Properties = {} }) => Properties);
  const alarms = ofType("AWS::CloudWatch::Alarm");
  const sources = ofType("AWS::Lambda::EventSourceMapping").map(({ EventSourceArn }) =>
    isFifo(Resources, EventSourceArn),
  );
  return {
    memory: memoryOf(Resources, ofType("AWS::Lambda::Function")),
    alarms: alarms.length,
    keys: ofType("AWS::KMS::Key").length,
    dashboards: ofType("AWS::CloudWatch::Dashboard").length,
    metrics: ownMetrics(alarms).length,
    polled: {
      fifo: sources.filter((fifo) => fifo).length,
      standard: sources.filter((fifo) => !fifo).length,
    },
  };
}

/** Each has an alarm of its own. */
const ownMetrics = (alarms: readonly Readonly<Record<string, unknown>>[]): readonly string[] => [
  ...new Set(
    alarms
      .filter(({ Namespace }) => Namespace === "Timelatch")
      .map(({ MetricName, Dimensions }) => JSON.stringify([MetricName, Dimensions])),
  ),
];

/** Only the role's name is fixed, and it contains the function's. */
function memoryOf(
  resources: Template["Resources"],
  functions: readonly Readonly<Record<string, unknown>>[],
): Memory {
  const named = functions.flatMap(({ Role, MemorySize }) => {
    const { RoleName } = resources[targetOf(Role)]?.Properties ?? {};
    const name = ROLE.exec(String(RoleName))?.[1];
    return name === undefined ? [] : [[name, Number(MemorySize)] as const];
  });
  return Object.fromEntries(named);
}

const isFifo = (resources: Template["Resources"], arn: unknown): boolean =>
  resources[targetOf(arn)]?.Properties?.["FifoQueue"] === true;

/** The resource that `Fn::GetAtt` names. */
const targetOf = (reference: unknown): string =>
  (reference as { readonly "Fn::GetAtt"?: readonly string[] })["Fn::GetAtt"]?.[0] ?? "";

/**
 * The pollers that Lambda keeps on each queue, all the time. AWS says that it starts with five
 * batches at a time; others saw 15 empty receives a minute.
 * https://github.com/getlift/lift/issues/132
 */
const POLLERS = 5;
/** How long each of them waits for a message. */
const POLL_SECONDS = 20;
const MONTH_SECONDS = 730 * 3_600;

/** The monthly use of the stack before anything runs, and of Lambda's polling. */
export function stackMonth({ alarms, keys, dashboards, polled }: StackFacts): Usage {
  const polls = (MONTH_SECONDS / POLL_SECONDS) * POLLERS;
  return {
    alarms,
    keys,
    dashboards,
    fifoRequests: polls * polled.fifo,
    queueRequests: polls * polled.standard,
  };
}
