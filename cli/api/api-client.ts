import { setTimeout as pause } from "node:timers/promises";
import { AwsV4Signer } from "aws4fetch";
import { failureOfAnswer, isRefusedByGateway, notTheApi } from "./answer-failure.ts";
import type { AwsIdentity } from "./aws-identity.ts";
import type { Call, Passage, Received } from "./call.ts";
import { failureOfNetwork, isReset, onlyReads } from "./network-failure.ts";

export interface Api {
  readonly address: string;
  /**
   * Answers the API's JSON.
   *
   * @param passage stops the call before it leaves
   * @throws Failure for every answer that is not success, or none; the reason of `passage.signal`
   */
  send<Answer>(call: Call, passage?: Passage): Promise<Answer>;
}

export interface Timing {
  /** How long an answer may take. */
  readonly timeoutMs: number;
  /** The pause before the one repetition. */
  readonly retryMs: number;
}

const TIMING: Timing = { timeoutMs: 10_000, retryMs: 300 };

/**
 * The API at `address`; every call is signed with Signature Version 4 for `execute-api`. A call that
 * is safe to repeat is repeated once after a reset connection or a 503 of the gateway. Where the gateway refuses
 * a kept session, any call is repeated once under another: the API has not seen it.
 */
export function apiClient(address: string, identity: AwsIdentity, timing: Timing = TIMING): Api {
  return {
    address,
    async send<Answer>(call: Call, passage?: Passage): Promise<Answer> {
      const repeatable = onlyReads(call) || call.idempotencyKey !== undefined;
      try {
        const received = await attempt(call, repeatable ? 1 : 0, passage);
        const mayRepeat = isRefusedByGateway(received) && passage?.signal.aborted !== true;
        const isRenewed = mayRepeat && (await identity.forget?.());
        return answerOf<Answer>(call, isRenewed ? await attempt(call, 0, passage) : received);
      } catch (error) {
        throw failureOfNetwork(error, call, address, timing.timeoutMs);
      }
    },
  };

  async function attempt(call: Call, repeats: number, passage?: Passage): Promise<Received> {
    try {
      const received = await once(call, passage);
      if (received.status !== 503 || repeats === 0) return received;
    } catch (error) {
      if (repeats === 0 || !isReset(error)) throw error;
    }
    await pause(timing.retryMs);
    return attempt(call, repeats - 1, passage);
  }

  async function once(call: Call, passage?: Passage): Promise<Received> {
    const signer = new AwsV4Signer({
      ...(await identity.credentials()),
      method: call.method,
      url: urlOf(address, call),
      headers: headersOf(call),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      service: "execute-api",
      region: identity.region,
    });
    const { url, method, headers, body } = await signer.sign();
    passage?.signal.throwIfAborted();
    passage?.leaves();
    const response = await fetch(url, {
      method,
      headers,
      body: body ?? null,
      // A signature is for one host, so a redirect to another is not followed.
      redirect: "manual",
      signal: AbortSignal.timeout(timing.timeoutMs),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  }
}

function urlOf(address: string, { path, query = {} }: Call): string {
  const url = new URL(address + path);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

const headersOf = ({ body, idempotencyKey }: Call) => ({
  accept: "application/json, application/problem+json",
  "user-agent": "timelatch-cli",
  ...(body === undefined ? {} : { "content-type": "application/json" }),
  ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
});

function answerOf<Answer>(call: Call, received: Received): Answer {
  const { status, text } = received;
  if (status < 200 || status >= 300) throw failureOfAnswer(call, received);
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw notTheApi(received);
  }
}
