import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { Refusal } from "../../domain/policy/eligibility.ts";
import { BrokerError, type ErrorCode } from "../../domain/values/errors.ts";
import type { ProblemAnswer } from "../contract/answers.ts";
import { PROBLEMS } from "../contract/problems.ts";

const TYPE = "urn:timelatch:problem:";

/** Turns any error into one RFC 9457 answer, and reports both. */
export function problemDetails(
  report: (error: unknown, problem: ProblemAnswer) => void,
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return {
    onError: ({ error, event }) => {
      const problem = problemOf(error, `urn:timelatch:call:${event.requestContext.requestId}`);
      report(error, problem);
      return {
        statusCode: problem.status,
        headers: { "content-type": "application/problem+json", ...headersOf(error) },
        body: JSON.stringify(problem),
      };
    },
  };
}

/** A 4xx answer contains the error's message and facts. A 5xx only says what to do next. */
export function problemOf(error: unknown, instance: string): ProblemAnswer {
  const code = error instanceof BrokerError ? error.code : undefined;
  const { status, title } = code ? PROBLEMS[code] : { status: 500, title: "Internal error" };
  const type = code ? TYPE + code : `${TYPE}internal-error`;
  if (status < 500 && error instanceof BrokerError)
    return { ...error.facts, type, title, status, detail: error.message, instance };
  const detail =
    "The broker could not finish this. What you sent may or may not have been done. Look at the request, then send it again with the same Idempotency-Key; if it fails again, give the operators the value of `instance`.";
  return { type, title, status, detail, instance };
}

function headersOf(error: unknown): Record<string, string> {
  if (!(error instanceof BrokerError)) return {};
  const { allow, retryAfterSeconds = RETRY_AFTER_SECONDS[error.code] } = error.facts;
  return {
    ...(Array.isArray(allow) ? { allow: allow.join(", ") } : {}),
    ...(typeof retryAfterSeconds === "number" ? { "retry-after": String(retryAfterSeconds) } : {}),
  };
}

/** When to retry, unless the error says otherwise. */
const RETRY_AFTER_SECONDS: Readonly<Partial<Record<ErrorCode, number>>> = {
  "dependency-unavailable": 5,
};

/** The log that `reportTo` writes, such as Powertools' logger. */
interface ProblemLog {
  error(message: string, error: Error): void;
  warn(message: string, facts: Readonly<Record<string, unknown>>): void;
}

/**
 * Logs each problem that was answered. A refusal is logged with its code and the rules that
 * refused, never with what the caller sent.
 */
export const reportTo =
  (log: ProblemLog) =>
  (error: unknown, { status }: ProblemAnswer): void => {
    if (status >= 500) {
      log.error("unexpected", error as Error);
      return;
    }
    const { code, facts } = error as BrokerError;
    log.warn("refused", { code, status, ...refusalsOf(facts) });
  };

/** The rules that refused, and their codes: the part of an error's facts that may be logged. */
function refusalsOf(facts: BrokerError["facts"]): Readonly<Record<string, unknown>> {
  const refusals = facts["refusals"] as readonly Refusal[] | undefined;
  if (!refusals) return {};
  const why = refusals.map(({ rule, objections }) => ({
    rule,
    objections: objections.map(({ code }) => code),
  }));
  return { why };
}
