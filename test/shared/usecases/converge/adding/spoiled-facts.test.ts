/** Readings that somebody who took `outside` over put into the table of facts, in forms that it never stores. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import { EDIT, edit, view } from "../../../../../lab/fakes/memory-broker.ts";
import {
  ON_CALL_IDS,
  type OnCallBroker,
  onCallBroker,
  PRIMARY,
} from "../../../../../lab/fakes/on-call-policy.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import type { ScheduleReading } from "../../../../../shared/domain/facts/schedule-reading.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const LONG_AGO = "2026-11-01T00:00:00.000Z";
const VIEW = EDIT.replace("Edit", "View");
const MORNING = plusSeconds(T0, 8 * 3_600);
const bindingOf = ({ cluster, principalArn }: AccessRequest) =>
  bindingKey(cluster.arn, principalArn);

/** Stores a reading in whatever form, as `outside` may. */
const spoil = ({ facts, clock }: OnCallBroker, answer: object) =>
  facts.putSchedule({
    schedule: PRIMARY,
    lookedAt: clock.now(),
    answer: { readAt: clock.now(), ...answer },
  } as unknown as ScheduleReading);

/** A shift of carol's, with one member of any length. */
const longShift = (letters: number) => ({
  shifts: [{ person: ON_CALL_IDS.carol, until: MORNING, byOverride: "x".repeat(letters) }],
});

/** Carol's entry, on which its owner has something of two policies. */
async function onOwnersEntry() {
  const broker = onCallBroker();
  await broker.onCall({ carol: MORNING });
  const plain = await broker.approve(
    await broker.ask({ access: view("payments-web"), durationSeconds: 3_600 }, "carol"),
  );
  const address = broker.addressOf(undefined, plain.principalArn);
  const owners = { [EDIT]: ["ns/own"], [VIEW]: Array.from({ length: 10 }, (_, at) => `ns/v${at}`) };
  broker.entries.edit(address, () => ({ targets: owners }), LONG_AGO);
  const run = () => broker.converge(bindingOf(plain)).catch(() => undefined);
  await run();
  const asked = await broker.askAsCarol({ access: edit("payments-api"), durationSeconds: 7_200 });
  const hasBegun = async () => {
    const { begun = {} } = (await broker.ledger(bindingOf(plain))) ?? {};
    return Object.hasOwn(begun, asked.id);
  };
  const targets = () => broker.entries.peek(address)?.targets;
  return { broker, plain, asked, run, hasBegun, targets, owners };
}

describe("A reading that is larger than any that is stored", () => {
  it("keeps no access past its end", async () => {
    const { broker, run, hasBegun, targets, owners } = await onOwnersEntry();
    for (let letters = 408_000; letters > 405_000 && !(await hasBegun()); letters -= 40) {
      broker.clock.advance(0.1);
      await spoil(broker, longShift(letters));
      await run();
    }
    for (const seconds of [3_600, 120, 3_600, 120, 120]) {
      broker.clock.advance(seconds);
      await run();
    }
    expect(targets()).toEqual(owners);
  });
});

describe("A reading that is no reading", () => {
  it("holds up no other grant of the entry", async () => {
    const { broker, plain, run } = await onOwnersEntry();
    for (const seconds of [1, 3_600, 120, 120]) {
      broker.clock.advance(seconds);
      await spoil(broker, { shifts: "everybody" });
      await run();
    }
    expect(await broker.states(plain)).toEqual(["ended"]);
  });

  it("keeps nobody from what other rules lend", async () => {
    const broker = onCallBroker();
    await spoil(broker, { shifts: "everybody" });
    const asked = broker.ask(
      { access: edit("payments-api"), rule: "break-glass", durationSeconds: 900 },
      "carol",
    );
    await expect(asked).resolves.toMatchObject({ state: "approved" });
  });

  it("keeps no later look away, whenever it claims to be from", async () => {
    const broker = onCallBroker();
    const lookedAt = "9999-01-01T00:00:00.000Z";
    await broker.facts.putSchedule({ schedule: PRIMARY, lookedAt });
    await broker.onCall({ carol: MORNING });
    await expect(broker.askAsCarol()).resolves.toMatchObject({ rule: "on-call-prod" });
  });
});
