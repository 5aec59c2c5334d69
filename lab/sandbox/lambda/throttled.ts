/**
 * Lambda did not start the function, since its reserved concurrency is 0. API Gateway answers 503 for it. A
 * message of a queue comes back after its visibility timeout, and has been received once more.
 */
export class Throttled extends Error {
  override readonly name = "Throttled";
  constructor(functionName: string) {
    super(
      `${functionName}: TooManyRequestsException: Rate Exceeded: its reserved concurrency is 0`,
    );
  }
}
