/** A refusal for want of room names what its requester can end. */
import { describe, expect, it } from "vitest";
import { ASK } from "../../../../lab/fakes/memory-broker.ts";
import { longEdit, sharedEntryBroker } from "../../../../lab/fakes/shared-entry.ts";
import { ROOM_BYTES } from "../../../../shared/domain/entries/bounds.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { BrokerError } from "../../../../shared/domain/values/errors.ts";
import { previewRequest } from "../../../../shared/usecases/requests/preview-request.ts";

type Broker = ReturnType<typeof sharedEntryBroker>;
const full = { code: "too-much-on-one-entry" };

/** Lends all the room to two people, and a small grant to the third. */
async function filled() {
  const broker = sharedEntryBroker();
  const small = await broker.grant({ access: longEdit("small", 1) }, "finn");
  const large: AccessRequest[] = [];
  for (const by of ["dora", "erin"])
    for (let at = 0; at < 18; at += 1)
      try {
        large.push(await broker.grant({ access: longEdit(`${by}-${at}`) }, by));
      } catch (error) {
        if (!(error instanceof BrokerError)) throw error;
      }
  return { broker, small, large };
}

const refusalOf = (asked: Promise<unknown>): Promise<BrokerError> =>
  asked.then(
    () => Promise.reject(new Error("It was not refused.")),
    (error) => error,
  );

const ofPerson = (grants: readonly AccessRequest[], name: string) =>
  grants.filter(({ requester }) => requester === name).map(({ id }) => id);

const askMore = (broker: Broker, by: string) => broker.ask({ access: longEdit("more") }, by);

describe("A refusal for want of room on an access entry", () => {
  it("An ask is refused, names a grant of the requester's own, and fits once that has ended", async () => {
    const { broker, large } = await filled();
    const error = await refusalOf(askMore(broker, "dora"));
    expect(error).toMatchObject({ ...full, facts: { cluster: "prod", mostBytes: ROOM_BYTES } });
    const endFirst = error.facts["endFirst"] as readonly string[];
    expect(endFirst).toHaveLength(1);
    expect(ofPerson(large, "dora")).toEqual(expect.arrayContaining([...endFirst]));
    expect(error.message).toContain(`end ${endFirst[0]} first`);
    const [first] = large.filter(({ id }) => id === endFirst[0]);
    if (first) await broker.end(first, "cancel", "dora");
    await broker.converge();
    await broker.settle(60);
    expect(await broker.grant({ access: longEdit("more") }, "dora")).toMatchObject({
      state: "approved",
    });
  });

  it("No grant of another person is named, nor one that is too small to help", async () => {
    const { broker, small } = await filled();
    const error = await refusalOf(askMore(broker, "finn"));
    expect(error).toMatchObject({ ...full, facts: { endFirst: [small.id] } });
    await broker.end(small, "cancel", "finn");
    const again = await refusalOf(askMore(broker, "finn"));
    expect(again).toMatchObject({ ...full, facts: { endFirst: [] } });
    expect(again.message).toContain("wait until grants of others there have ended");
  });

  it("An approval is refused where others were faster, with the same words, and the request stays", async () => {
    const broker = sharedEntryBroker();
    const asked = await broker.ask({ access: longEdit("early") }, "dora");
    const own = await broker.grant({ access: longEdit("own") }, "dora");
    for (let at = 0; at < 30; at += 1)
      await broker
        .grant({ access: longEdit(`erin-${at}`) }, at < 15 ? "erin" : "finn")
        .catch(() => undefined);
    const error = await refusalOf(broker.approve(asked));
    expect(error).toMatchObject({ ...full, facts: { endFirst: [own.id] } });
    expect(await broker.reload(asked)).toEqual(asked);
  });

  it("A preview says what an ask would be answered", async () => {
    const { broker } = await filled();
    const ask = { ...ASK, access: longEdit("more") };
    const preview = await previewRequest(broker.front, broker.actor("dora"), ask);
    expect(preview).toMatchObject({ allowed: false, ...full });
    const little = { ...ASK, access: longEdit("little", 1) };
    expect(await previewRequest(broker.front, broker.actor("dora"), little)).toMatchObject({
      allowed: true,
    });
  });
});
