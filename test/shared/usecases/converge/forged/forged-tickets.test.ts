/** Access that ends with its ticket ends so whatever its record claims since it began. */
import { expect, it } from "vitest";
import { forge } from "../../../../../lab/fakes/broker-sights.ts";
import { ticketBroker } from "../../../../../lab/fakes/ticket-policy.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";

const CLAIMS: readonly (readonly [string, Partial<AccessRequest>])[] = [
  ["nothing else", {}],
  ["another ticket", { ticket: "PAY-2" }],
  ["a text that is no ticket", { ticket: "x" }],
  ["no ticket", { ticket: undefined } as unknown as Partial<AccessRequest>],
  ["a later approval", { approvedAt: "2099-01-01T00:00:00.000Z" }],
  ["no approval", { approvedAt: null }],
];

it.each(CLAIMS)("A closed ticket ends the access of a record that claims %s", async (_, claims) => {
  const broker = ticketBroker();
  const request = await broker.askFor();
  await broker.ticket();
  await broker.sweep();
  const grant = await broker.reload(request);
  const binding = bindingKey(grant.cluster.arn, grant.principalArn);
  const address = broker.addressOf(undefined, grant.principalArn);
  await broker.converge(binding);
  expect(broker.entries.peek(address)).toBeDefined();
  forge(broker, await broker.reload(grant), claims);
  broker.clock.advance(300);
  await broker.ticket({ status: "done" });
  await broker.converge(binding);
  expect(broker.entries.peek(address)).toBeUndefined();
});
