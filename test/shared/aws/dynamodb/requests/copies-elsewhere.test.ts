/** Copies of an active grant under its own id, in the partition of another entry. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ALICE, STAGING } from "../../../../../lab/fakes/builders.ts";
import { EDIT } from "../../../../../lab/fakes/memory-broker.ts";
import { grantKey } from "../../../../../shared/aws/dynamodb/keys.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { brokerOnTables } from "../broker-on-tables.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let local: LocalTables;
beforeAll(async () => {
  local = await sharedTables();
});
afterAll(async () => {
  await local.stop();
});

it.each<[string, Partial<AccessRequest>]>([
  ["active", {}],
  ["ending", { state: "ending", effectiveAt: null }],
])(
  "One that is %s there ends nothing on record: people can still revoke the grant",
  async (_, change) => {
    const { broker, names } = await brokerOnTables(local);
    broker.othersHad({ [EDIT]: ["ns/own"] });
    const grant = await broker.activeGrant();
    const elsewhere = bindingKey(STAGING.arn, ALICE);
    const request = { ...grant, cluster: STAGING, ...change };
    const Item = { ...grantKey(elsewhere, grant.id), schema: 1, request };
    await local.client.send(new PutCommand({ TableName: names.requests, Item }));
    for (let runs = 0; runs < 3; runs += 1) {
      await broker.converge(elsewhere);
      broker.clock.advance(60);
    }
    expect(broker.namespaces(EDIT)).toEqual(["own", "payments-api"]);
    expect((await broker.ports.requests.load(grant.id)).state).toBe("active");
    await broker.end(grant, "revoke", "carol");
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  },
);
