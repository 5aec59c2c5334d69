/** Sends a signed request to the app, and waits for Slack's time limit. */
import { signedHeaders } from "../signature.ts";
import type { AppRequest } from "./payloads.ts";

/** https://docs.slack.dev/interactivity/handling-user-interaction: within three seconds. */
const ACKNOWLEDGE_MS = 3_000;

export interface Delivery {
  readonly request: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  /** Absent where no answer came. */
  readonly status?: number;
  readonly contentType: string;
  readonly body: string;
  readonly milliseconds: number;
  /** Whether the app asks for no further try: the header X-Slack-No-Retry. */
  readonly noRetry?: true;
  /** The error that the person is shown: `operation_timeout`, or `dispatch_failed`. */
  readonly error?: string;
}

export interface DeliverOptions {
  /** The app's address, without a path. */
  readonly appUrl: string;
  readonly signingSecret: string;
  readonly now: () => Date;
}

const elapsedSince = (start: number) => Math.round((performance.now() - start) * 10) / 10;

/** @param more headers besides the signature's. Never rejects: what goes wrong is in the delivery's `error`. */
export async function deliver(
  options: DeliverOptions,
  request: AppRequest,
  more: Readonly<Record<string, string>> = {},
): Promise<Delivery> {
  const headers = {
    "content-type": request.contentType,
    ...signedHeaders(options.signingSecret, request.body, options.now()),
    ...more,
  };
  const sent = { path: request.path, headers, body: request.body };
  const start = performance.now();
  try {
    const response = await fetch(`${options.appUrl}${request.path}`, {
      method: "POST",
      headers,
      body: request.body,
      redirect: "manual",
      signal: AbortSignal.timeout(ACKNOWLEDGE_MS),
    });
    const body = await response.text();
    return {
      request: sent,
      status: response.status,
      contentType: response.headers.get("content-type") ?? "",
      body,
      milliseconds: elapsedSince(start),
      ...(response.headers.get("x-slack-no-retry") === "1" ? { noRetry: true as const } : {}),
      ...(response.ok ? {} : { error: "dispatch_failed" }),
    };
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    return {
      request: sent,
      contentType: "",
      body: "",
      milliseconds: elapsedSince(start),
      error: isLate ? "operation_timeout" : "dispatch_failed",
    };
  }
}
