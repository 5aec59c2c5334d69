/** Chains of more than one extension, and extensions that have not begun when their grant ends. */
import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

describe("The total of a chain of two extensions", () => {
  it("It counts from the start of the first grant, and not from that of an extension", async () => {
    const extend = { times: 3, totalSeconds: 8 * HOUR, approval: "same" } as const;
    const rules = aPolicy().rules.map((rule) => ({ ...rule, extend }));
    const broker = memoryBroker({ policy: { ...aPolicy(), rules } });
    let last = await broker.activeGrant();
    for (const durationSeconds of [3 * HOUR, 3 * HOUR]) {
      broker.clock.advance(30 * MINUTE);
      const extension = await broker.approve(await broker.extend(last, { durationSeconds }));
      await broker.converge();
      last = await broker.reload(extension);
      expect(last.state).toBe("active");
    }
    await expect(broker.extend(last, { durationSeconds: HOUR + MINUTE })).rejects.toMatchObject({
      code: "duration-too-long",
      facts: { maxSeconds: HOUR },
    });
    expect(await broker.extend(last, { durationSeconds: HOUR })).toMatchObject({
      state: "pending",
    });
  });
});

describe("An extension that is approved and has not begun", () => {
  it.each([
    ["return", "alice", "cancel"],
    ["revoke", "bob", "revoke"],
  ] as const)("It ends with its grant, and nothing is left: %s", async (verb, by, type) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = await broker.approve(await broker.extend(grant));
    await broker.end(grant, verb, by);
    expect(await broker.states(grant, extension)).toEqual(["ending", "ending"]);
    expect((await broker.history(extension)).at(-1)).toMatchObject({ type, actor: by });
    await broker.settle();
    expect(await broker.states(grant, extension)).toEqual(["ended", "ended"]);
    expect(broker.actual()).toBeUndefined();
  });
});

describe("The one request of a chain whose message says that it ended", () => {
  const chainOf = async (isActive: boolean) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = await broker.approve(await broker.extend(grant));
    if (isActive) await broker.converge();
    return { broker, grant, extension };
  };

  it.each([
    ["return", "alice", "grant"],
    ["return", "alice", "extension"],
    ["revoke", "bob", "grant"],
  ] as const)(
    "Once the extension has begun, that is it: %s by %s of the %s",
    async (verb, by, of) => {
      const { broker, grant, extension } = await chainOf(true);
      await broker.end(of === "grant" ? grant : extension, verb, by);
      expect((await broker.reload(extension)).endedWith).toBeUndefined();
      expect((await broker.reload(grant)).endedWith).toBe(extension.id);
    },
  );

  it.each(["grant", "extension"] as const)(
    "Before that it is the grant, whose access was there: revoke of the %s",
    async (of) => {
      const { broker, grant, extension } = await chainOf(false);
      await broker.end(of === "grant" ? grant : extension, "revoke", "bob");
      expect((await broker.reload(extension)).endedWith).toBe(grant.id);
      expect((await broker.reload(grant)).endedWith).toBeUndefined();
    },
  );

  it("A grant that was never extended says its own end", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.end(grant, "return");
    expect((await broker.reload(grant)).endedWith).toBeUndefined();
  });

  it("An extension that is cancelled by itself leaves its grant as it is", async () => {
    const { broker, grant, extension } = await chainOf(false);
    await broker.end(extension, "cancel");
    expect(await broker.states(grant, extension)).toEqual(["active", "ending"]);
    expect((await broker.reload(extension)).endedWith).toBeUndefined();
  });
});
