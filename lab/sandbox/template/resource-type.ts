/** The sandbox's facts about a CloudFormation resource type. */
import type { Members } from "./json.ts";

/** The place where the stack runs, and the addresses that its values contain. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  /** Its ARN; absent: one that is the same each time. */
  readonly stackId?: string;
  /** How many stacks of the name there were, itself included; absent: 1. Later ones have new names for their resources. */
  readonly life?: number;
  /** The sandbox's one port for AWS, `http://127.0.0.1:4566`. Queue URLs stand on it. */
  readonly awsUrl: string;
  /** The HTTP API's address, without a trailing slash. */
  readonly apiUrl: string;
}

/** The names of a resource once it exists. */
export interface Physical {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ResourceType {
  readonly physical: (logicalId: string, properties: Members, place: Place) => Physical;
  /** Properties the sandbox acts on. */
  readonly emulated: readonly string[];
  /** Properties that change nothing on one machine. Accepted on purpose, each for that reason. */
  readonly withoutEffect: readonly string[];
}

/** Resources that nothing asks for attributes. */
export const named = (
  emulated: readonly string[],
  withoutEffect: readonly string[] = [],
  ref: (logicalId: string, properties: Members, place: Place) => string = (logicalId) => logicalId,
): ResourceType => ({
  physical: (logicalId, properties, place) => ({
    ref: ref(logicalId, properties, place),
    attributes: {},
  }),
  emulated,
  withoutEffect,
});
