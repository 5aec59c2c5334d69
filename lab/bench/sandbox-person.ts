/** A person of a sandbox who calls the broker's API with their own keys. */
import { setTimeout as pause } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { callerKeys } from "../../test/e2e/caller-keys.ts";
import type { SandboxAddresses } from "../sandbox/stack/start.ts";

const REGION = "us-west-2";

/** @returns calls of the API, each of which throws where the answer is a refusal */
export function sandboxPerson(sandbox: SandboxAddresses, name: string) {
  const call = async (method: string, path: string, body?: object): Promise<RequestAnswer> => {
    const keys = await callerKeys(sandbox, name);
    const client = new AwsClient({ ...keys, service: "execute-api", region: REGION, retries: 0 });
    const response = await client.fetch(`${sandbox.apiUrl}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
      headers: { "content-type": "application/json" },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as RequestAnswer;
  };
  return {
    /** Asks for Edit in payments-api on prod. */
    ask: (duration: string) =>
      call("POST", "/v1/requests", {
        cluster: "prod",
        access: {
          policy: "AmazonEKSEditPolicy",
          scope: { type: "namespace", namespaces: ["payments-api"] },
        },
        duration,
        reason: "INC-4711 stuck rollout",
      }),
    approve: ({ id, digest }: RequestAnswer) =>
      call("POST", `/v1/requests/${id}/decision`, { verdict: "approve", digest }),
    /** Waits until the request is in the state. */
    async until({ id }: RequestAnswer, state: RequestAnswer["state"], seconds: number) {
      for (const end = Date.now() + seconds * 1_000; Date.now() < end; await pause(200))
        if ((await call("GET", `/v1/requests/${id}`)).state === state) return;
      throw new Error(`The request was not ${state} within ${seconds} s. Nothing was measured.`);
    },
  };
}
