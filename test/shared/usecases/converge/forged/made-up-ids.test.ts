/** Grants whose id others made up, in a record and a history that hold. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { forgeWhole } from "../../../../../lab/fakes/forge-whole.ts";
import { EDIT, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { digestOf } from "../../../../../shared/domain/requests/digest.ts";

/** Such an id begins with the time at which it was made, in milliseconds. */
const idOf = (instant: string): string => {
  const digits = Date.parse(instant).toString(16).padStart(12, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000001`;
};

async function lentUnder(id: string) {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ns("base") });
  const asked = await broker.grant({ durationSeconds: 7_200 });
  const terms = { ...asked, id };
  const digest = digestOf(terms);
  const approvals = asked.approvals.map((approval) => ({ ...approval, digest }));
  broker.tables.grants.get(broker.binding)?.delete(asked.id);
  const grant = forgeWhole(broker, terms, { digest, approvals });
  await broker.converge();
  return { given: broker.namespaces(EDIT), grant: await broker.reload(grant) };
}

describe("A grant whose id others made up", () => {
  it("It never begins where its id is of a time to come, as intents are read back to that time", async () => {
    const { given, grant } = await lentUnder(idOf("2099-01-01T00:00:00.000Z"));
    expect(given).toEqual(["base"]);
    expect(grant).toMatchObject({ state: "failed", outcome: { code: "not-on-record" } });
  });

  it("It begins where its id is of a time before, as its history bears it out", async () => {
    const { given } = await lentUnder(idOf("2026-11-24T09:00:00.000Z"));
    expect(given).toEqual(["base", "payments-api"]);
  });
});
