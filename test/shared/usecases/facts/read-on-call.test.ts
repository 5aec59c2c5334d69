/** People know who is on call in the schedules that their rules name; admins and auditors know all. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { ON_CALL_FILE, onCallBroker } from "../../../../lab/fakes/on-call-policy.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { readOnCall } from "../../../../shared/usecases/facts/read-on-call.ts";
import { listAccess } from "../../../../shared/usecases/requests/list-access.ts";

const MORNING = plusSeconds(T0, 28_800);
const NIGHT = "  night: { incidentIo: { schedule: 01G0J1EXE7AXZ2C93K61WBPYEH } }\n";
const TWO = ON_CALL_FILE.replace(/^schedules:\n.*\n/m, (found) => found + NIGHT);

/** The people whom somebody knows to be on call. */
async function knownTo(name: string, file = TWO) {
  const broker = onCallBroker(parseAccessPolicy(file));
  await broker.onCall({ carol: MORNING });
  const actor = broker.actor(name);
  const found = await readOnCall(broker.front, actor, listAccess(broker.front, actor), T0);
  return found.map(({ schedule, people, you, readAt, unknown }) => ({
    ...{ schedule, you, readAt, why: unknown?.why },
    people: people.map(({ person }) => person),
  }));
}

const PRIMARY_KNOWN = { schedule: "primary", readAt: T0, people: ["carol"], why: undefined };

describe("Who may know who is on call", () => {
  it("Somebody knows it of the schedules that their own rules name", async () => {
    expect(await knownTo("alice")).toEqual([{ ...PRIMARY_KNOWN, you: "no" }]);
    expect(await knownTo("bob")).toEqual([]);
  });

  it.each(["admins", "auditors"])("One of the %s knows it of every schedule", async (role) => {
    const roles =
      role === "admins"
        ? "{ admins: [payments-leads] }"
        : "{ admins: [platform], auditors: [payments-leads] }";
    const known = await knownTo("bob", TWO.replace(/^roles: .*$/m, `roles: ${roles}`));
    expect(known).toMatchObject([
      { ...PRIMARY_KNOWN, you: "no" },
      { schedule: "night", people: [], you: "unknown", why: "never-read" },
    ]);
  });

  it("Somebody on call whom the file does not know is named by the service's own id", async () => {
    const broker = onCallBroker(parseAccessPolicy(TWO.replace("pagerduty: PCAR01", "github: 1")));
    const unnamed = async () => {
      const actor = broker.actor("alice");
      const found = await readOnCall(
        ...([broker.front, actor, listAccess(broker.front, actor)] as const),
        broker.clock.now(),
      );
      return found.map(({ people, unnamed: ids }) => [people.map(({ person }) => person), ids]);
    };
    expect(await unnamed()).toEqual([[[], undefined]]);
    await broker.onCall({ bob: MORNING, carol: MORNING });
    expect(await unnamed()).toEqual([[["bob"], ["PCAR01"]]]);
    await broker.onCall({});
    expect(await unnamed()).toEqual([[[], []]]);
  });

  it("Whoever has no id knows who is on call, and not whether they are", async () => {
    const without = TWO.replace(/, outside: \{ pagerduty: PA11CE \}/, "");
    expect(await knownTo("alice", without)).toEqual([
      { ...PRIMARY_KNOWN, you: "unknown", why: "no-id" },
    ]);
  });
});
