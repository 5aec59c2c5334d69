/** One call of the API and its raw answer: what the client and the failure texts share. */

/** One call of the API. */
export interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the API's address: `/v1/requests`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** A POST that changes nothing, so it is as safe to repeat as a GET. */
  readonly reads?: true;
  /** Sent as `Idempotency-Key`; makes a POST safe to repeat. */
  readonly idempotencyKey?: string;
  /** The command that shows what was done, for when no answer came. */
  readonly afterwards?: string;
}

/** How far a call has come, for whoever may stop it. */
export interface Passage {
  /** Once it aborts, nothing leaves any more. A call that has left goes on until its answer. */
  readonly signal: AbortSignal;
  /** Called each time, just before the first byte can leave. */
  leaves(): void;
}

/** An answer, before it is read as JSON or as a problem. */
export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}
