/** The one sandbox whose API is misused, and how its people call it. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import type { ErrorCode } from "../../shared/domain/values/errors.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { type AbuseSandbox, startAbuseSandbox } from "./abuse-sandbox.ts";
import { type ApiAnswer, editIn } from "./api-person.ts";

export const ACCOUNT = "111122223333";
export const CANARY = `canary${randomUUID().slice(0, 8)}`;

export let sandbox: AbuseSandbox;
/** Alice's, pending all along. */
export let pending: RequestAnswer;
/** Starts the sandbox before the tests of a file, and stops it after them. */
export function misuseOneSandbox(): void {
  beforeAll(async () => {
    sandbox = await startAbuseSandbox();
    pending = await alice().ask({ reason: `INC-4711 ${CANARY} stuck rollout` });
  });
  afterAll(async () => {
    await sandbox.stop();
  });
}

export const person = (name: string) => sandbox.person(name);
export const alice = () => person("alice");
export const bob = () => person("bob");

export const ask = (over: Readonly<Record<string, unknown>> = {}) => ({
  cluster: "prod",
  access: editIn("payments-worker"),
  duration: "1m",
  reason: "INC-4711 stuck rollout",
  ...over,
});
export const asked = (over: Readonly<Record<string, unknown>>, by = "alice") =>
  person(by).post("/v1/requests", ask(over));
export const of = ({ id }: { readonly id: string }, rest = "") => `/v1/requests/${id}${rest}`;
export const approval = ({ digest }: RequestAnswer) => ({ verdict: "approve", digest });
export const stateOf = async (request: RequestAnswer) => (await bob().get(of(request))).body;

export const expectRefused = (answer: ApiAnswer, code: ErrorCode, by?: string) =>
  sandbox.expectRefused(answer, code, by);

const UNKNOWN_ID = "01935e00-0000-7000-8000-000000000000";

/** The path of a route: about the pending request, mallory, prod, or no finding or delegation. */
export const pathOf = ({ path }: { readonly path: string }) =>
  path
    .replace("{id}", pending.id)
    .replace("{findingId}", "0".repeat(32))
    .replace("{delegationId}", UNKNOWN_ID)
    .replace("people/{name}", "people/mallory")
    .replace("{name}", "prod");
