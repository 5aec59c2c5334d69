import type { QueueState } from "./state.ts";

/** A queue's attributes as the engine needs them: typed, with SQS's defaults filled in. */
export interface QueueSettings {
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly deduplicationScope: "queue" | "messageGroup";
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly receiveWaitSeconds: number;
  readonly retentionSeconds: number;
  readonly maximumMessageBytes: number;
  readonly redrive?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
}

interface Rule {
  /** Undefined: the attribute is absent unless declared. */
  readonly default?: string;
  readonly fifoOnly?: boolean;
  readonly valid: (value: string) => boolean;
}

const integer = (min: number, max: number) => (value: string) =>
  /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
const oneOf =
  (...values: readonly string[]) =>
  (value: string) =>
    values.includes(value);

/**
 * The attributes that may be declared, with defaults and bounds. Source: SQS API Reference,
 * SetQueueAttributes. `Policy` and the KMS attributes are left out: queue policies and encryption
 * are not emulated.
 */
const RULES: Readonly<Record<string, Rule>> = {
  DelaySeconds: { default: "0", valid: integer(0, 900) },
  MaximumMessageSize: { default: "1048576", valid: integer(1024, 1_048_576) },
  MessageRetentionPeriod: { default: "345600", valid: integer(60, 1_209_600) },
  ReceiveMessageWaitTimeSeconds: { default: "0", valid: integer(0, 20) },
  VisibilityTimeout: { default: "30", valid: integer(0, 43_200) },
  SqsManagedSseEnabled: { default: "true", valid: oneOf("true", "false") },
  RedrivePolicy: { valid: (value) => redriveOf(value) !== undefined },
  RedriveAllowPolicy: { valid: (value) => parseObject(value) !== undefined },
  FifoQueue: { fifoOnly: true, valid: oneOf("true") },
  ContentBasedDeduplication: { fifoOnly: true, default: "false", valid: oneOf("true", "false") },
  DeduplicationScope: { fifoOnly: true, default: "queue", valid: oneOf("queue", "messageGroup") },
  FifoThroughputLimit: {
    fifoOnly: true,
    default: "perQueue",
    valid: oneOf("perQueue", "perMessageGroupId"),
  },
};

/**
 * CloudFormation's properties as SQS keeps them: strings, policies as JSON text.
 *
 * @throws Error that names the attribute, if it is not emulated, out of bounds, or does not fit the
 * name. `.fifo` and FIFO belong together.
 */
export function checkedAttributes(
  name: string,
  declared: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const refuse = (why: string) => new Error(`Queue ${name} was not declared: ${why}`);
  const checked: Record<string, string> = {};
  for (const [attribute, raw] of Object.entries(declared)) {
    if (raw === undefined || raw === null) continue;
    const value = typeof raw === "object" ? JSON.stringify(raw) : String(raw);
    const rule = RULES[attribute];
    if (rule === undefined) throw refuse(`its attribute ${attribute} is not emulated.`);
    // CloudFormation lets a standard queue say `false` where the API wants nothing at all.
    if (rule.fifoOnly === true && value === "false" && attribute === "FifoQueue") continue;
    if (!rule.valid(value)) throw refuse(`${attribute} has the invalid value ${value}.`);
    checked[attribute] = value;
  }
  const fifo = checked["FifoQueue"] === "true";
  if (fifo !== name.endsWith(".fifo"))
    throw refuse("FIFO queues, and no others, have a name that ends in .fifo and FifoQueue true.");
  const stray = Object.keys(checked).find((attribute) => RULES[attribute]?.fifoOnly && !fifo);
  if (stray !== undefined) throw refuse(`${stray} is for FIFO queues only.`);
  const redrive = redriveOf(checked["RedrivePolicy"]);
  if (redrive !== undefined && redrive.deadLetterTargetArn.endsWith(".fifo") !== fifo)
    throw refuse("a dead-letter queue must be of the same type as its source.");
  return checked;
}

/** The declared attributes together with the defaults of those that were not. */
export function effectiveAttributes(queue: QueueState): Readonly<Record<string, string>> {
  const fifo = queue.attributes["FifoQueue"] === "true";
  const defaults = Object.entries(RULES).flatMap(([attribute, rule]) =>
    rule.default === undefined || (rule.fifoOnly === true && !fifo)
      ? []
      : [[attribute, rule.default] as const],
  );
  return { ...Object.fromEntries(defaults), ...queue.attributes };
}

export function settingsOf(queue: QueueState): QueueSettings {
  const value = effectiveAttributes(queue);
  const redrive = redriveOf(value["RedrivePolicy"]);
  return {
    fifo: value["FifoQueue"] === "true",
    contentBasedDeduplication: value["ContentBasedDeduplication"] === "true",
    deduplicationScope: value["DeduplicationScope"] === "messageGroup" ? "messageGroup" : "queue",
    visibilityTimeoutSeconds: Number(value["VisibilityTimeout"]),
    delaySeconds: Number(value["DelaySeconds"]),
    receiveWaitSeconds: Number(value["ReceiveMessageWaitTimeSeconds"]),
    retentionSeconds: Number(value["MessageRetentionPeriod"]),
    maximumMessageBytes: Number(value["MaximumMessageSize"]),
    ...(redrive === undefined ? {} : { redrive }),
  };
}

/** `maxReceiveCount` stands as a number or as a string; both are accepted by SQS. */
function redriveOf(policy: string | undefined): QueueSettings["redrive"] {
  const parsed = policy === undefined ? undefined : parseObject(policy);
  const arn = parsed?.["deadLetterTargetArn"];
  const count = Number(parsed?.["maxReceiveCount"]);
  if (typeof arn !== "string" || !Number.isInteger(count) || count < 1 || count > 1000)
    return undefined;
  return { deadLetterTargetArn: arn, maxReceiveCount: count };
}

function parseObject(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
