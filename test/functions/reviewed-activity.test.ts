/** A request in the API's answer, with what was done with it for its reviewers. */
import { expect, it } from "vitest";
import { ACCOUNT, aPolicy } from "../../lab/fakes/builders.ts";
import { memoryBroker } from "../../lab/fakes/memory-broker.ts";
import { memoryCursorKeys } from "../../lab/fakes/memory-cursor-keys.ts";
import { memoryNoticeStore } from "../../lab/fakes/memory-notice-store.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import { RequestSchema } from "../../shared/http/contract/request-schemas.ts";
import { done, summary } from "../shared/policy-tools/suggest/used-grants.ts";
import { contextWith, standIns } from "./loaded-function.ts";

const ports: Record<string, unknown> = {};
standIns({ "aws/composition-root": { apiPorts: () => ports } });
const { handler } = await import("../../functions/api.ts");

const GLASS = {
  access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
  durationSeconds: 1_800,
  reason: "INC-4711 nothing answers",
} as const;

/** Payments-leads, of which bob is, review break-glass. */
function world() {
  const policy = aPolicy();
  const review = { by: ["payments-leads"], withinSeconds: 86_400, block: false };
  const rules = policy.rules.map((rule) => (rule.breakGlass ? { ...rule, review } : rule));
  const broker = memoryBroker({ policy: { ...policy, rules } });
  Object.assign(ports, broker.front, {
    cursorKeys: memoryCursorKeys(),
    notices: memoryNoticeStore(broker.tables),
    wakeNotify: async () => undefined,
  });
  const read = async (by: string, id: string) => {
    const userArn = `arn:aws:iam::${ACCOUNT}:role/people/${by}`;
    const event = {
      routeKey: "GET /v1/requests/{id}",
      rawPath: `/v1/requests/${id}`,
      headers: {},
      requestContext: { requestId: "gateway", authorizer: { iam: { userArn, callerId: by } } },
      pathParameters: { id },
    };
    const { body } = await handler(
      event as never,
      contextWith(() => 8_000),
    );
    return RequestSchema.parse(JSON.parse(String(body)));
  };
  return { broker, read };
}

it("A reviewer reads what was done with a break-glass that is over, and its requester does not", async () => {
  const { broker, read } = world();
  const grant = await broker.grant(GLASS, "carol");
  const { id } = grant;
  const binding = bindingKey(grant.cluster.arn, grant.principalArn);
  await broker.converge(binding);
  expect(await read("bob", id)).not.toHaveProperty("activity");
  await broker.convergeAtEnd(grant);
  await broker.settle(120, binding);
  expect(await read("bob", id)).toMatchObject({ state: "ended", activity: null });
  const details = summary([done("get pods")]);
  const at = broker.clock.now();
  await broker.evidence.appendEvidence({ type: "activity", requestId: id, at, details });
  expect((await read("bob", id)).activity).toEqual(details);
  expect(await read("carol", id)).not.toHaveProperty("activity");
});
