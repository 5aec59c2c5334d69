/** The state of EventBridge: its buses, and on each the latest events that it took. */
import type { PolicyDocument } from "../iam/state.ts";

export interface BusState {
  readonly name: string;
  readonly arn: string;
  /** The policy for senders in other accounts; without one, nobody there may send. */
  readonly policy?: PolicyDocument;
  /** The latest events, oldest first. */
  events: BusEvent[];
}

/** An event as a target would get it. https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface EventBridgeState {
  /** By name. */
  buses: Record<string, BusState>;
}

export const emptyEventBridgeState = (): EventBridgeState => ({ buses: {} });
