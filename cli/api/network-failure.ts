import { Failure, type NextSteps } from "../failures/failure.ts";
import type { Call } from "./call.ts";

/** The codes by which Node and its HTTP client name a failed connection, innermost first. */
function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors.flatMap(codesOf) : [];
  const code = "code" in error && typeof error.code === "string" ? [error.code] : [];
  return [...codesOf(error.cause), ...inner, ...code];
}

const RESET: readonly string[] = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"];

/** Whether the other side closed the connection before it answered. */
export const isReset = (error: unknown): boolean =>
  codesOf(error).some((code) => RESET.includes(code));

/** Failures before a byte of the request was sent. */
const NOT_SENT: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the host has no address",
  EAI_AGAIN: "the name service does not answer",
  EHOSTUNREACH: "there is no route to the host",
  ENETUNREACH: "the network cannot be reached",
  UND_ERR_CONNECT_TIMEOUT: "the host does not take the connection",
};

/**
 * The failure of a call that got no answer. Failures pass through.
 *
 * @param timeoutMs how long the call waited for the answer
 */
export function failureOfNetwork(
  error: unknown,
  call: Call,
  address: string,
  timeoutMs: number,
): unknown {
  if (error instanceof Failure) return error;
  const codes = codesOf(error);
  const notSent = codes.flatMap((code) => NOT_SENT[code] ?? [])[0];
  if (notSent !== undefined)
    return new Failure(
      "unavailable",
      "cannot-connect",
      {
        what: `Cannot reach ${address}: ${notSent}.`,
        notDone: "Nothing was sent.",
        next: ["Next: check the API's address, your network and proxy, and run it again."],
      },
      { cause: error },
    );
  const tls = codes.find((code) => /CERT|SIGNED|TLS|SSL/.test(code));
  if (tls !== undefined)
    return new Failure(
      "unavailable",
      "untrusted-certificate",
      {
        what: `${address} has a certificate that this machine does not trust (${tls}).`,
        notDone: "Nothing was sent.",
        next: ["Next: check the address; behind a TLS proxy, set NODE_EXTRA_CA_CERTS to its CA."],
      },
      { cause: error },
    );
  const silence = silenceOf(error, timeoutMs);
  if (!silence) return error;
  return new Failure(
    "unavailable",
    silence.code,
    {
      what: `${address} ${silence.what}.`,
      notDone: maybeDone(call),
      unsure: true,
      next: afterwards(call),
    },
    { cause: error },
  );
}

/** Why no answer came; undefined for an error that is not of the network. */
function silenceOf(error: unknown, timeoutMs: number) {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "TimeoutError")
    return { code: "timeout", what: `did not answer within ${timeoutMs / 1000} s` };
  if (isReset(error))
    return { code: "connection-reset", what: "closed the connection without an answer" };
  // `fetch` throws a TypeError for every network failure, with the reason as its cause.
  if (error instanceof TypeError && error.cause instanceof Error)
    return { code: "no-answer", what: `gave no answer: ${error.cause.message}` };
  return undefined;
}

export const onlyReads = ({ method, reads }: Call): boolean => method === "GET" || reads === true;

/** The possible effect of a call whose outcome is unknown. */
export const maybeDone = (call: Call): string =>
  onlyReads(call) ? "Nothing was changed." : "The change may or may not have been made.";

/** The next steps after a call whose outcome is unknown. */
export function afterwards(call: Call): NextSteps {
  const { idempotencyKey, afterwards: look } = call;
  if (onlyReads(call)) return ["Next: run it again."];
  if (idempotencyKey !== undefined)
    return [
      "Next: repeat the command with this key, which makes no second one:",
      `  --idempotency-key ${idempotencyKey}`,
    ];
  return ["Next: check its state before you repeat it:", ...(look ? [`  ${look}`] : [])];
}
