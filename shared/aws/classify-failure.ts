import type { Failure } from "../ports/access-entries.ts";

/** How a call failed, in AWS's words and in ours. */
export interface Classified {
  readonly failure: Failure;
  /** AWS's name for it, or Node's for what never reached AWS. */
  readonly code: string;
  /** Whether it passes within seconds, so that waiting in place is better than coming back. */
  readonly soon: boolean;
  readonly requestId: string | null;
}

/**
 * Errors after which AWS did nothing, and may later. The first six are throttles and pass soon:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const BUSY: Readonly<Record<string, { readonly soon: boolean }>> = {
  ThrottlingException: { soon: true },
  Throttling: { soon: true },
  ThrottledException: { soon: true },
  RequestLimitExceeded: { soon: true },
  RequestThrottledException: { soon: true },
  TooManyRequestsException: { soon: true },
  // The session ended between its check and the call; the next call has a new one.
  ExpiredTokenException: { soon: false },
  ExpiredToken: { soon: false },
  // A cluster or a schedule that another call is changing.
  ConflictException: { soon: false },
  // Never sent: there were no credentials to sign with, or no connection came about.
  CredentialsProviderError: { soon: false },
  ECONNREFUSED: { soon: false },
  ENOTFOUND: { soon: false },
  EAI_AGAIN: { soon: false },
  EHOSTUNREACH: { soon: false },
  ENETUNREACH: { soon: false },
};

/** Without an answer, or from 500 on, a call may have been applied, or may yet be. */
const SERVER_ERROR = 500;
/** RFC 6585: a throttle under whatever name. */
const TOO_MANY_REQUESTS = 429;

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** Reads what an SDK client threw. */
export function classifyFailure(error: unknown): Classified {
  const { name = "Error", code, message = "", $metadata = {} } = (error ?? {}) as SdkError;
  const status = $metadata.httpStatusCode;
  const requestId = $metadata.requestId ?? null;
  const known = [name, code].find((each) => each !== undefined && Object.hasOwn(BUSY, each));
  const busy = known === undefined ? undefined : BUSY[known];
  if (known !== undefined && busy) return { failure: "busy", code: known, ...busy, requestId };
  if (status === TOO_MANY_REQUESTS) return { failure: "busy", code: name, soon: true, requestId };
  if (status !== undefined && status < SERVER_ERROR)
    return { failure: "refused", code: name, soon: false, requestId };
  if (status !== undefined) return { failure: "unknown", code: name, soon: false, requestId };
  return NEVER_CONNECTED.test(message)
    ? { failure: "busy", code: "ConnectTimeout", soon: false, requestId }
    : {
        failure: "unknown",
        code: code ?? (TIMEOUTS.has(name) ? "Timeout" : name),
        soon: false,
        requestId,
      };
}

/** The SDK's HTTP handler names every timeout alike; only its text tells this one apart. */
const NEVER_CONNECTED = /did not establish a connection/;

const TIMEOUTS: ReadonlySet<string> = new Set(["TimeoutError", "AbortError"]);
