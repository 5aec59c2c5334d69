/** The state of SQS. Instants are milliseconds since 1970, as SQS itself answers them. */

/** One attribute that a sender put beside the body; SQS's own member names. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64, as on the wire. */
  readonly BinaryValue?: string;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export interface StoredMessage {
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes: MessageAttributes;
  /** `AWSTraceHeader` is the only one that exists. */
  readonly systemAttributes: MessageAttributes;
  readonly senderId: string;
  readonly messageGroupId?: string;
  readonly messageDeduplicationId?: string;
  /** FIFO only: 20 digits, growing over the whole queue. */
  readonly sequenceNumber?: string;
  /** The queue that gave the message up, if this one is its dead-letter queue. */
  readonly deadLetterQueueSourceArn?: string;
  readonly sentAt: number;
  receiveCount: number;
  firstReceivedAt: number | null;
  lastReceivedAt: number | null;
  /** Hidden before this instant: delayed if never received, in flight otherwise. */
  visibleAt: number;
  /** The handle of the latest receive; earlier ones are stale. */
  receiptHandle: string | null;
  /** A fault gives the message out again at this instant, whatever its visibility. */
  againAt?: number;
}

/** The send of a deduplication id: the answer to a repeated send. */
interface Deduplication {
  readonly at: number;
  readonly messageId: string;
  readonly sequenceNumber: string;
}

export interface QueueState {
  readonly name: string;
  readonly arn: string;
  url: string;
  /** By SQS's attribute names, values as strings; those not declared have SQS's defaults. */
  attributes: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  /** Policy documents: what AWS's services may do. Absent in states of former versions. */
  policies?: readonly Readonly<Record<string, unknown>>[];
  readonly createdAt: number;
  modifiedAt: number;
  lastSequence: number;
  purgedAt: number | null;
  messages: StoredMessage[];
  deduplication: Record<string, Deduplication>;
}

export interface SqsState {
  /** By name. */
  queues: Record<string, QueueState>;
}

export function emptySqsState(): SqsState {
  return { queues: {} };
}
