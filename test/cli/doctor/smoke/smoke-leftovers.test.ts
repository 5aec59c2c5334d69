/** A smoke test that is stopped anywhere: what it made is removed, by itself or by the next one. */
import { setMaxListeners } from "node:events";
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Gate } from "../../../../cli/doctor/aws/smoke-clients.ts";
import { failureText } from "../../../../cli/failures/failure.ts";
import { REGION } from "../../../infra/broker.ts";
import { asAdmin, remains, runSmoke, type SmokeWorld, smokeWorld } from "./smoke-world.ts";

let world: SmokeWorld;
const journal = () => path.join(world.folder, "timelatch-smoke.journal");

beforeAll(async () => {
  world = await smokeWorld({ hasTables: true });
  // Runs that were stopped still listen for signals.
  setMaxListeners(400, process);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await world.close();
  setMaxListeners(10, process);
});

const PACE = {
  pollMs: 25,
  readSeconds: 0,
  fuseSeconds: 0.1,
  fuseLateSeconds: 1,
  fuseApartSeconds: 0,
  trailPollMs: 300,
  trailSeconds: 2,
  silenceSeconds: 1,
  restoreSeconds: 20,
  roleSeconds: 2,
};
const CHANGES = /^(?!Describe|List|Get|Lookup|Receive)/;

/** Lets calls through until one of them, which has the effect that is said, and no answer. */
function crashAt(count: number, lands: boolean) {
  let calls = 0;
  const { promise: crash, resolve: crashed } = Promise.withResolvers<void>();
  const gate: Gate = async (command, send) => {
    if (!CHANGES.test(command)) return send();
    calls += 1;
    if (calls > count) return new Promise(() => undefined);
    if (calls < count) return send();
    if (lands) await send().catch(() => undefined);
    crashed();
    return new Promise(() => undefined);
  };
  return { gate, crash, calls: () => calls };
}

const run = (gate?: Gate, only: readonly string[] = ["entries", "fuse"]) =>
  runSmoke(world, { smoke: ["staging"], only }, { pace: PACE, ...(gate && { gate }) });

/** CloudWatch's alarms are in no store. */
async function everything(): Promise<readonly string[]> {
  const client = new CloudWatchClient({ region: REGION });
  const asked = new DescribeAlarmsCommand({ AlarmNamePrefix: "timelatch-smoke" });
  const { MetricAlarms = [] } = await client.send(asked);
  return [...remains(world), ...MetricAlarms.map(({ AlarmName = "" }) => AlarmName)];
}

const clean = () => runSmoke(world, { smoke: true, clean: true }, { pace: PACE });

describe("A run that is killed", () => {
  it.each([
    ["entries", 10],
    ["fuse", 6],
    ["trail", 5],
    ["missing-data", 1],
    ["queue", 3],
    ["policies", 5],
    ["sessions", 4],
    ["restore", 1],
  ])(
    "After and before each call of %s that changes something, --clean removes what it left",
    async (part, most) => {
      asAdmin(world);
      let stopped = 0;
      for (let count = 1; ; count += 1) {
        const { gate, crash } = crashAt(count, count % 2 === 0);
        const over = await Promise.race([
          crash.then(() => false),
          run(gate, [part]).then(() => true),
        ]);
        if (over) break;
        stopped += 1;
        const left = (await everything()).length;
        // Every other time, on a machine without the journal.
        if (count % 4 >= 2) rmSync(journal());
        const { document, failure } = await clean();
        expect([count, left, await everything(), document.left, failure]).toEqual([
          ...[count, left, [], [], undefined],
        ]);
        expect(existsSync(journal())).toBe(false);
      }
      expect(stopped).toBeGreaterThan(most);
    },
  );

  it("The next run removes it before it begins", async () => {
    asAdmin(world);
    for (const lands of [true, false]) {
      const { gate, crash } = crashAt(4, lands);
      await Promise.race([crash, run(gate)]);
      expect(remains(world)).not.toEqual([]);
      const { document } = await run(undefined, ["entries"]);
      expect(document.left).toEqual([]);
      expect(remains(world)).toEqual([]);
    }
  });

  it("A journal whose last line was cut off is read all the same", async () => {
    asAdmin(world);
    const { gate, crash } = crashAt(4, true);
    await Promise.race([crash, run(gate)]);
    const text = readFileSync(journal(), "utf8");
    expect(text).toContain('"made"');
    appendFileSync(journal(), '{"made":{"kind":"ro');
    expect((await clean()).document.left).toEqual([]);
    expect(remains(world)).toEqual([]);
  });
});

describe("A run that somebody stops", () => {
  it("Ctrl-C ends it, and what it made is removed", async () => {
    asAdmin(world);
    const gate: Gate = async (command, send) => {
      const answer = await send();
      if (command === "AssociateAccessPolicyCommand") process.emit("SIGINT");
      return answer;
    };
    const { failure, document } = await run(gate);
    expect(failure?.exit).toBe("interrupted");
    expect(document.left).toEqual([]);
    expect(document.facts).toEqual([]);
    expect(remains(world)).toEqual([]);
    expect(existsSync(journal())).toBe(false);
  });

  it("Nothing is made after Ctrl-C", async () => {
    asAdmin(world);
    const made: string[] = [];
    const gate: Gate = async (command, send) => {
      made.push(command);
      const answer = await send();
      if (command === "CreateRoleCommand") process.emit("SIGINT");
      return answer;
    };
    await run(gate);
    expect(made.filter((command) => CHANGES.test(command))).toEqual([
      ...["CreateRoleCommand", "DeleteRoleCommand"],
    ]);
  });
});

describe("A run whose credentials expire", () => {
  it("Says what is left, and --clean removes it with good ones", async () => {
    asAdmin(world);
    let isOver = false;
    const gate: Gate = async (command, send) => {
      if (isOver) throw Object.assign(new Error("expired"), { name: "ExpiredTokenException" });
      const answer = await send();
      if (command === "AssociateAccessPolicyCommand") isOver = true;
      return answer;
    };
    const { failure, document } = await run(gate, ["entries"]);
    expect(document.failed).toMatchObject([{ says: expect.stringContaining("ExpiredToken") }]);
    expect(document.left).toHaveLength(2);
    expect(failure?.exit).toBe("unwell");
    expect(failure && failureText(failure, 200)).toContain("timelatch doctor --smoke --clean");
    expect(remains(world)).toHaveLength(2);
    expect((await clean()).document.left).toEqual([]);
    expect(remains(world)).toEqual([]);
  });
});
