/** Converge's reads of the chain of stops, and the cases in which it says that it does not know. */
import { describe, expect, it } from "vitest";
import { aPolicy, settings, T0 } from "../../../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../../../lab/fakes/fixed-clock.ts";
import { withAdmins } from "../../../../../lab/fakes/two-admins.ts";
import {
  NO_STOPS,
  type StopCopy,
  type StopRecord,
  type Stops,
  stopRecord,
  stopsAfter,
} from "../../../../../shared/domain/stops/stops.ts";
import type { ConvergePorts } from "../../../../../shared/ports/function-ports.ts";
import { MOST_STOPS } from "../../../../../shared/ports/stop-store.ts";
import {
  loadCopy,
  readStops,
  UNKNOWN_STOPS,
} from "../../../../../shared/usecases/converge/read-stops.ts";

const POLICY = withAdmins(aPolicy());

/** `count` records: the first suspends alice, and each later one suspends bob or lifts that. */
function chainOf(count: number): readonly StopRecord[] {
  const records: StopRecord[] = [];
  let stops = NO_STOPS;
  for (let at = 0; at < count; at += 1) {
    const details = { person: at === 0 ? "alice" : "bob", reason: "x", surface: "api", proof: {} };
    const type = at === 0 || at % 2 === 1 ? "suspend" : "lift";
    const actor = type === "lift" ? "dora" : "carol";
    const record = stopRecord(stops, {
      type,
      actor,
      at: T0,
      policyHash: POLICY.hash,
      details,
    } as never);
    records.push(record);
    stops = stopsAfter(record);
  }
  return records;
}

interface Reads {
  /** Whether other runs keep other copies each time. */
  readonly isRaced?: boolean;
  readonly copy?: StopCopy | Error;
  readonly records?: readonly StopRecord[] | Error;
  /** The answer of a table that takes no copy. */
  readonly refusal?: Error;
}

async function read({ copy = NO_STOPS, records = [], refusal, isRaced = false }: Reads) {
  const kept: Stops[] = [];
  const asked: number[] = [];
  const logs: string[] = [];
  const ports = {
    stops: {
      since: async (seq: number) => {
        asked.push(seq);
        if (records instanceof Error) throw records;
        return records.filter((record) => record.seq > seq).slice(0, MOST_STOPS);
      },
    },
    stopCopy: {
      load: async () => {
        if (copy instanceof Error) throw copy;
        return copy;
      },
      keep: async (stops: Stops) => {
        if (refusal) throw refusal;
        kept.push(stops);
        return !isRaced;
      },
    },
    policy: POLICY,
    settings: settings(),
    clock: fixedClock(T0),
  } as unknown as ConvergePorts;
  const log = (message: string) => void logs.push(message);
  const found = await readStops(ports, { log }, loadCopy(ports));
  return { found, kept, asked, logs };
}

describe("Converge's reads of who is stopped", () => {
  const records = chainOf(3);
  const [first] = records;
  if (!first) throw new Error("There is no record.");

  it("It goes on after its copy, and keeps how far it came", async () => {
    const { found, kept, asked, logs } = await read({
      copy: stopsAfter(first),
      records: records.slice(1),
    });
    expect([asked, logs]).toEqual([[1], []]);
    expect(Object.keys(found.stopped?.people ?? {})).toEqual(["alice"]);
    expect(kept).toMatchObject([{ seq: 3 }]);
  });

  it("Where there is no later record, the copy says it, and is not kept again", async () => {
    const copy = stopsAfter(first);
    const found = { ending: copy, stopped: copy };
    expect(await read({ copy })).toEqual({ found, kept: [], asked: [1], logs: [] });
  });

  it("A lift that is not believed is said, and nothing is kept that takes it for judged", async () => {
    const details = { person: "alice", reason: "", surface: "api", proof: {} };
    const newer = { at: T0, policyHash: "b".repeat(64), details };
    const lift = stopRecord(stopsAfter(first), { type: "lift", actor: "frank", ...newer } as never);
    const { found, kept, logs } = await read({ copy: stopsAfter(first), records: [lift] });
    expect(found.stopped?.people).toHaveProperty("alice");
    expect(found.ending).toEqual(found.stopped);
    expect(kept).toMatchObject([{ seq: 1, ahead: { seq: 2, people: {} } }]);
    expect(logs).toEqual(["a lifted suspension was not believed"]);
  });

  it("It reads on while there may be later records, and keeps once how far it came", async () => {
    const { found, kept, asked } = await read({ records: chainOf(MOST_STOPS + 2) });
    expect(asked).toEqual([0, MOST_STOPS]);
    expect(found.stopped).toMatchObject({ seq: MOST_STOPS + 2 });
    expect(kept).toMatchObject([{ seq: MOST_STOPS + 2 }]);
  });

  it("It reads on where its copy cannot go on", async () => {
    const details = { person: "alice", reason: "", surface: "api", proof: {} };
    const newer = { at: T0, policyHash: "b".repeat(64), details };
    let stops = NO_STOPS;
    const lifts = Array.from({ length: MOST_STOPS }, () => {
      const lift = stopRecord(stops, { type: "lift", actor: "frank", ...newer } as never);
      stops = stopsAfter(lift);
      return lift;
    });
    const { found, kept, asked } = await read({ records: lifts });
    expect(kept).toMatchObject([{ seq: 0, ahead: { seq: MOST_STOPS } }]);
    expect(asked).toEqual([0, MOST_STOPS]);
    expect(found.stopped).toMatchObject({ seq: MOST_STOPS });
    expect(found.ending).toEqual(found.stopped);
  });

  it("Where the chain ends before what it followed, nothing is added, and the copy stays", async () => {
    const ahead = stopsAfter(records[1] as StopRecord);
    const copy = { ...NO_STOPS, ahead };
    const { found, kept, logs } = await read({ copy, records: [first] });
    expect(found.stopped).toBeUndefined();
    expect(Object.keys(found.ending?.people ?? {})).toEqual(["alice", "bob"]);
    expect([kept, logs]).toEqual([[], ["suspensions not read"]]);
  });

  it("It knows nothing where it cannot read", async () => {
    const no = new Error("DynamoDB does not answer.");
    for (const reads of [{ copy: no }, { records: no }])
      expect(await read(reads)).toMatchObject({
        found: UNKNOWN_STOPS,
        kept: [],
        logs: ["suspensions not read"],
      });
  });

  it("It knows what it read also where its copy cannot be kept", async () => {
    const { found, logs } = await read({ records, refusal: new Error("Item size") });
    expect(Object.keys(found.ending?.people ?? {})).toEqual(["alice"]);
    expect(found.stopped).toEqual(found.ending);
    expect(logs).toEqual(["copy of suspensions not kept"]);
  });

  it("Where other runs keep other copies each time, whom it read ends, and nothing is added", async () => {
    const { found, kept, logs } = await read({ records, isRaced: true });
    expect(Object.keys(found.ending?.people ?? {})).toEqual(["alice"]);
    expect(found.stopped).toBeUndefined();
    expect([kept.length, logs]).toEqual([4, ["copy of suspensions not kept"]]);
  });

  it("Where the records do not continue its copy, it knows and keeps whom they stop, and nobody else", async () => {
    const { found, kept, logs } = await read({ records: records.slice(1) });
    expect(found.stopped).toBeUndefined();
    expect(Object.keys(found.ending?.people ?? {})).toEqual(["bob"]);
    expect(kept).toEqual([{ ...NO_STOPS, people: found.ending?.people }]);
    expect(logs).toEqual(["suspensions not read"]);
  });
});
