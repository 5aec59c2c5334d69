/** The loop of each person of the crowd: asks, has it approved, and returns it or lets it end. */
import { setTimeout as pause } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import type { ProfileKeys } from "../../../test/e2e/sandbox-process.ts";
import { CLUSTER, NAMESPACE } from "./crowd.ts";
import type { Operation, Tally } from "./tally.ts";

/** A sandbox takes access away ten seconds before this is over. */
const RUNS_OUT = "60s";
/** Longer than anybody keeps it. */
const IS_RETURNED = "5m";
const HOLD_MS = 2_000;
const LOOK_MS = 3_000;
/** An answer or a state that takes longer is an error. */
const PATIENCE_MS = 90_000;

export interface Person {
  /** Answers the body. Throws where it is refused, and counts it. */
  readonly call: (
    operation: Operation,
    method: string,
    path: string,
    body?: object,
  ) => Promise<RequestAnswer>;
}

/** @param apiUrl of the broker */
export function loadPerson(apiUrl: string, keys: ProfileKeys, tally: Tally): Person {
  const client = new AwsClient({
    ...keys,
    service: "execute-api",
    region: "us-west-2",
    retries: 0,
  });
  return {
    async call(operation, method, path, body) {
      const begun = performance.now();
      const response = await client.fetch(`${apiUrl}${path}`, {
        method,
        headers: { "content-type": "application/json" },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      tally.took[operation].push(performance.now() - begun);
      if (response.ok) return JSON.parse(text) as RequestAnswer;
      throw new Error(`${operation} ${response.status} ${problemOf(text)}`);
    },
  };
}

function problemOf(text: string): string {
  try {
    return String((JSON.parse(text) as { readonly type?: unknown }).type ?? text);
  } catch {
    return text;
  }
}

/** Plays one grant, from the request to its end. A failure is counted, and ends it. */
export async function playLife(
  person: Person,
  approver: Person,
  isReturned: boolean,
  tally: Tally,
): Promise<void> {
  try {
    const { id, digest } = await person.call("ask", "POST", "/v1/requests", {
      cluster: CLUSTER,
      access: {
        policy: "AmazonEKSEditPolicy",
        scope: { type: "namespace", namespaces: [NAMESPACE] },
      },
      duration: isReturned ? IS_RETURNED : RUNS_OUT,
      reason: "many people at once",
    });
    const decision = { verdict: "approve", digest };
    await approver.call("approve", "POST", `/v1/requests/${id}/decision`, decision);
    const { revokeAt } = await until(person, id, ["active", "ending", "ended"]);
    if (isReturned) {
      await pause(HOLD_MS);
      await person.call("return", "POST", `/v1/requests/${id}/return`, {});
    } else await pause(Math.max(0, Date.parse(revokeAt ?? "") - Date.now()));
    tally.ended.push({ request: await until(person, id, ["ended"]), isReturned });
  } catch (error) {
    tally.fail((error as Error).message);
  }
}

async function until(
  person: Person,
  id: string,
  states: readonly RequestAnswer["state"][],
): Promise<RequestAnswer> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(LOOK_MS)) {
    const request = await person.call("read", "GET", `/v1/requests/${id}`);
    if (states.includes(request.state)) return request;
    if (request.state === "failed") throw new Error(`failed: ${request.outcome?.code}`);
  }
  throw new Error(`not ${states[0]} after ${PATIENCE_MS / 1_000} s`);
}
