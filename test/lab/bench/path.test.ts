import { describe, expect, it } from "vitest";
import { stepsUpTo, type TimedCall } from "../../../lab/bench/path.ts";
import { memoryBroker } from "../../../lab/fakes/memory-broker.ts";
import { type TappedCall, tapPorts } from "../../../lab/fakes/port-tap.ts";
import { VirtualTime } from "../../../lab/simulation/virtual-time.ts";
import type { CallSession } from "../../../shared/ports/access-entries.ts";

const call = (name: string, at: number): TimedCall => ({ name, at });
const namesOf = (calls: readonly TimedCall[], last: string) =>
  stepsUpTo(calls, last, 100).map((step) => step.map(({ name }) => name));

describe("the calls that waited for one another", () => {
  it("calls that went out together are one step", () => {
    const calls = [call("a", 0), call("b", 20), call("c", 120), call("last", 225)];
    expect(namesOf(calls, "last")).toEqual([["a", "b"], ["c"], ["last"]]);
  });

  it("a call that waited only for the first step joins the second", () => {
    const calls = [call("a", 0), call("b", 100), call("late", 190), call("last", 295)];
    expect(namesOf(calls, "last")).toEqual([["a"], ["b", "late"], ["last"]]);
  });

  it("calls after the last one do not count, nor does the order in which they were logged", () => {
    const calls = [call("last", 110), call("after", 500), call("a", 0)];
    expect(namesOf(calls, "last")).toEqual([["a"], ["last"]]);
  });

  it("without the last call there is no step", () => {
    expect(namesOf([call("a", 0)], "last")).toEqual([]);
  });
});

const PORTS = [
  ...(["requests", "delegations", "bindings", "ledgers", "circuits", "stops", "stopCopy"] as const),
  ...(["entries", "schedules", "evidence", "queue"] as const),
];
const CALL_MS = 1_000;

/** The broker in virtual time: each call takes a second, and each session has to be assumed first. */
function timedBroker() {
  const time = new VirtualTime(0);
  const calls: TimedCall[] = [];
  const sessions = new Map<string, Promise<void>>();
  const take = async (name: string) => {
    calls.push(call(name, time.now));
    await time.delay(CALL_MS);
  };
  const assume = (session: CallSession) => {
    const made = sessions.get(session.sessionName) ?? take("AssumeRole");
    sessions.set(session.sessionName, made);
    return made;
  };
  const tap = async ({ site, args, apply }: TappedCall) => {
    if (site.startsWith("entries.")) await assume(args[1] as CallSession);
    if (site !== "entries.prepare") await take(site);
    return await apply();
  };
  const broker = memoryBroker({ wrap: (ports) => tapPorts(ports, PORTS, tap) });
  return { broker, time, calls, take };
}

async function played({ time, calls, broker, take }: ReturnType<typeof timedBroker>) {
  calls.length = 0;
  let isOver = false;
  const hold = { extend: () => take("ChangeMessageVisibility").then(() => true) };
  const run = broker.converge(broker.binding, { hold }).finally(() => {
    isOver = true;
  });
  await time.run(() => isOver);
  await run;
  return stepsUpTo(calls, "entries.associate", CALL_MS);
}

describe("the path from an approval to the access", () => {
  it("seven calls wait for one another where the person has no entry yet", async () => {
    const world = timedBroker();
    const grant = await world.broker.grant();
    const steps = await played(world);
    expect(steps.map((step) => step.map(({ name }) => name).sort())).toEqual([
      ["ChangeMessageVisibility", "bindings.view", "ledgers.load", "stopCopy.load"],
      ["AssumeRole", "circuits.load", "stops.since"],
      [
        "entries.cluster",
        "entries.principal",
        "entries.read",
        "evidence.intents",
        "evidence.putIntent",
        "ledgers.save",
        "requests.historyPage",
        "requests.isEndNoted",
      ],
      ["AssumeRole", "schedules.armFuse", "schedules.armRevocation"],
      ["evidence.putIntent", "ledgers.save"],
      ["entries.create"],
      ["entries.associate"],
    ]);
    expect(await world.broker.states(grant)).toEqual(["active"]);
  });
});
