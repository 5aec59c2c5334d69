/** A person who calls the broker's API with their own keys, as `timelatch` does. */
import { AwsClient } from "aws4fetch";
import { expect } from "vitest";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import type { State } from "../../shared/domain/requests/request.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { callerKeys } from "./caller-keys.ts";
import { eventually } from "./eventually.ts";

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the API answers
  readonly body: any;
}

/** A call that was answered. */
export interface ApiCall {
  readonly person: string;
  readonly method: string;
  readonly path: string;
  readonly answer: ApiAnswer;
}

/** @param heard called with every answer */
export function apiPerson(
  sandbox: SandboxAddresses,
  name: string,
  heard: (call: ApiCall) => void = () => undefined,
) {
  const call = async (method: string, path: string, init: RequestInit = {}): Promise<ApiAnswer> => {
    const client = new AwsClient({
      ...(await callerKeys(sandbox, name)),
      service: "execute-api",
      region: "us-west-2",
      retries: 0,
    });
    const response = await client.fetch(`${sandbox.apiUrl}${path}`, { method, ...init });
    const text = await response.text();
    const answer = {
      status: response.status,
      headers: response.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
    heard({ person: name, method, path, answer });
    return answer;
  };
  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    call("POST", path, {
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
  const get = (path: string) => call("GET", path);

  return {
    call,
    post,
    get,
    /** Asks for Edit in payments-api on prod, unless said otherwise, and expects it to be stored. */
    async ask(over: Readonly<Record<string, unknown>> = {}): Promise<RequestAnswer> {
      const answer = await post("/v1/requests", {
        cluster: "prod",
        access: editIn("payments-api"),
        duration: "30s",
        reason: "INC-4711 stuck rollout",
        ...over,
      });
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      return answer.body;
    },
    async approve({ id, digest }: RequestAnswer): Promise<RequestAnswer> {
      const answer = await post(`/v1/requests/${id}/decision`, { verdict: "approve", digest });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return answer.body;
    },
    /** Waits until the request is in one of the states, and answers it as it is then. */
    async until(
      { id }: RequestAnswer,
      states: readonly State[],
      seconds = 30,
    ): Promise<RequestAnswer> {
      const read = async () => (await get(`/v1/requests/${id}`)).body;
      return eventually(read, (request) => states.includes(request?.state), seconds);
    },
  };
}

export const editIn = (...namespaces: string[]) => ({
  policy: "AmazonEKSEditPolicy",
  scope: { type: "namespace", namespaces },
});
