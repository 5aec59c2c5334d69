/** The work of an AWS protocol for the port: read a request, write an answer. */
import type { AwsError } from "./service.ts";
import type { SignedRequest } from "./signed-request.ts";

/** The answer over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** A request as its protocol names it. */
export interface Decoded {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** One protocol's reading and writing. */
export interface Wire {
  /**
   * Names the operation and gathers its input.
   * @throws AwsError for a request that names none, or whose body is not the protocol's.
   */
  readonly decode: (request: SignedRequest) => Decoded;
  readonly answer: (operation: string, output: unknown, requestId: string) => Answer;
  readonly refuse: (error: AwsError, requestId: string) => Answer;
  /** The code and status under which a service refuses an operation it does not have. */
  readonly unknownOperation: readonly [code: string, status: number];
}
