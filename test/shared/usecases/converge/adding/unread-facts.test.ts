/** Facts that cannot be read, as while somebody who took `outside` over floods their table. */
import { expect, it } from "vitest";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import { edit } from "../../../../../lab/fakes/memory-broker.ts";
import { onCallBroker } from "../../../../../lab/fakes/on-call-policy.ts";
import { ticketBroker } from "../../../../../lab/fakes/ticket-policy.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

/** A grant that waits for its ticket's facts, and one of a rule that asks for nothing, on one entry. */
async function both() {
  const broker = ticketBroker();
  const request = await broker.askFor();
  await broker.ticket();
  await broker.sweep();
  const asking = await broker.reload(request);
  const plain = await broker.ask({
    access: edit("payments-web"),
    durationSeconds: 1_800,
    rule: "break-glass",
  });
  broker.breakPort("facts.tickets", new Error("The table is busy."));
  const run = () => broker.converge(bindingKey(asking.cluster.arn, asking.principalArn));
  return { broker, asking, plain, run };
}

it("Facts of one grant that cannot be read hold up no grant of a rule that asks for none", async () => {
  const { broker, plain, run } = await both();
  await run();
  await broker.settle(120);
  expect(await broker.states(plain)).toEqual(["active"]);
});

it("A grant whose facts cannot be read fails once an answer would count no longer", async () => {
  const { broker, asking, run } = await both();
  for (let seconds = 0; seconds <= 1_200; seconds += 120) {
    await run();
    broker.clock.advance(120);
  }
  await broker.settle(120);
  expect(await broker.reload(asking)).toMatchObject({ outcome: { code: "ticket-unknown" } });
});

it("Nor does a grant of a rule for whoever is on call wait for longer than such an answer counts", async () => {
  const broker = onCallBroker();
  await broker.onCall({ carol: plusSeconds(T0, 28_800) });
  const grant = await broker.askAsCarol();
  broker.breakPort("facts.schedules", new Error("The table is busy."));
  const run = () => broker.converge(bindingKey(grant.cluster.arn, grant.principalArn));
  broker.clock.advance(299);
  await run();
  expect(await broker.states(grant)).toEqual(["approved"]);
  broker.clock.advance(1);
  await run();
  expect(await broker.reload(grant)).toMatchObject({ outcome: { code: "on-call-unknown" } });
});
