import { beforeEach, describe, expect, it } from "vitest";
import { afterLook, type ScheduleReading } from "../../shared/domain/facts/schedule-reading.ts";
import { afterTicketLook } from "../../shared/domain/facts/ticket-reading.ts";
import type { FactStore } from "../../shared/ports/fact-store.ts";

const AT = "2026-12-01T02:00:00.000Z";
const LATER = "2026-12-01T02:01:00.000Z";
const UNTIL = "2026-12-01T08:00:00.000Z";
const PRIMARY = "pagerduty/us/PI7DH85";
const NIGHT = "incidentIo/01HZX3Q7K5M8N2P4R6S9T0V1W2";

const answered = (schedule: string, at = AT, person = "PA11CE"): ScheduleReading =>
  afterLook(
    schedule,
    undefined,
    {
      shifts: [
        { person, until: UNTIL, byOverride: true },
        { person: "PB0B", until: UNTIL, goesOn: true },
      ],
    },
    at,
  );

/** The guarantees of every FactStore. */
export function factStoreContract(name: string, make: () => Promise<FactStore>) {
  describe(`${name}: readings of schedules`, () => {
    let store: FactStore;
    beforeEach(async () => {
      store = await make();
    });

    it("A schedule that was never looked at has no reading", async () => {
      expect([...(await store.schedules([PRIMARY]))]).toEqual([]);
    });

    it("A reading comes back as it was stored, among others and by its key", async () => {
      const failed = afterLook(NIGHT, undefined, { unknown: "denied" }, AT);
      await store.putSchedule(answered(PRIMARY));
      await store.putSchedule(failed);
      const found = await store.schedules([NIGHT, "incidentIo/OTHER", PRIMARY]);
      expect(Object.fromEntries(found)).toEqual({
        [PRIMARY]: answered(PRIMARY),
        [NIGHT]: failed,
      });
    });

    it("A later look replaces the whole reading", async () => {
      await store.putSchedule(afterLook(PRIMARY, answered(PRIMARY), { unknown: "busy" }, AT));
      await store.putSchedule(answered(PRIMARY, LATER, "PCAR01"));
      expect((await store.schedules([PRIMARY])).get(PRIMARY)).toEqual(
        answered(PRIMARY, LATER, "PCAR01"),
      );
    });

    it("An earlier look that comes late changes nothing", async () => {
      await store.putSchedule(answered(PRIMARY, LATER));
      await store.putSchedule(answered(PRIMARY, AT, "PCAR01"));
      expect((await store.schedules([PRIMARY])).get(PRIMARY)).toEqual(answered(PRIMARY, LATER));
    });

    it("A look that claims to be of a time to come gives way to the next one", async () => {
      await store.putSchedule(answered(PRIMARY, "9999-01-01T00:00:00.000Z"));
      await store.putSchedule(answered(PRIMARY, AT, "PCAR01"));
      expect((await store.schedules([PRIMARY])).get(PRIMARY)).toEqual(
        answered(PRIMARY, AT, "PCAR01"),
      );
    });

    it("100 readings are one read", async () => {
      const keys = Array.from({ length: 100 }, (_, n) => `pagerduty/us/P${n}A`);
      for (const key of keys) await store.putSchedule(answered(key));
      const found = await store.schedules(keys);
      expect([...found.keys()].toSorted()).toEqual(keys.toSorted());
    });
  });
  describe(`${name}: readings of tickets`, () => {
    const PAY_1 = "jira/example.atlassian.net/PAY-1";
    const ticketAt = (at: string, status: "open" | "done") => {
      const ticket = { key: "PAY-1", status, title: "A title", assignees: ["5b10a1"] };
      return afterTicketLook(PAY_1, undefined, { ticket }, at);
    };

    it("A ticket's reading comes back by its key, and a schedule of that key is none", async () => {
      const store = await make();
      await store.putTicket(ticketAt(AT, "open"));
      const found = await store.tickets([PAY_1, "jira/example.atlassian.net/PAY-2"]);
      expect(Object.fromEntries(found)).toEqual({ [PAY_1]: ticketAt(AT, "open") });
      expect([...(await store.schedules([PAY_1]))]).toEqual([]);
    });

    it("A later look replaces it, and an earlier one that comes late does not", async () => {
      const store = await make();
      for (const reading of [ticketAt(LATER, "done"), ticketAt(AT, "open")])
        await store.putTicket(reading);
      expect((await store.tickets([PAY_1])).get(PAY_1)).toEqual(ticketAt(LATER, "done"));
    });
  });
}
