/** A report that may be attached to a public issue. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Gate } from "../../../../../cli/doctor/aws/smoke-clients.ts";
import { PARTS } from "../../../../../cli/doctor/smoke/part-list.ts";
import {
  hiding,
  named,
  redactable,
  seconds,
  shown,
} from "../../../../../cli/doctor/smoke/report/redactable.ts";
import { SAMPLE } from "../../../../infra/broker.ts";
import { asAdmin, runSmoke, type SmokeWorld, smokeWorld } from "../smoke-world.ts";

let world: SmokeWorld;
beforeAll(async () => {
  world = await smokeWorld();
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => world.close());

const PACE = {
  pollMs: 25,
  readSeconds: 0,
  fuseSeconds: 0.1,
  fuseLateSeconds: 1,
  fuseApartSeconds: 0,
  trailPollMs: 300,
  trailSeconds: 2,
  actionSeconds: 1,
  silenceSeconds: 1,
};
const ALONE = PARTS.map(({ name }) => name).filter((name) => name !== "grant");

/** The names of people and things of the account. */
function identifiers(): readonly string[] {
  const { state, stack } = world;
  const people = Object.entries(SAMPLE.people).flatMap(([name, { identities }]) => [
    name,
    ...JSON.stringify(identities)
      .split('"')
      .filter((text) => text.includes("@")),
  ]);
  return [
    ...["111122223333", "444455556666", "arn:", "@", "timelatch-smoke-"],
    ...Object.keys(SAMPLE.clusters),
    ...people,
    ...Object.values(state.iam.state.roles).map(({ roleName }) => roleName),
    ...Object.keys(state.iam.state.credentials),
    ...[...stack.queues, ...stack.tables, ...stack.alarms].map(({ name }) => name),
  ];
}

/** @returns both forms of the report */
async function reportOf(gate?: Gate, only = ALONE): Promise<string> {
  asAdmin(world);
  const report = path.join(world.folder, "report.json");
  const options = { smoke: ["staging"], only, report };
  await runSmoke(world, options, { pace: PACE, ...(gate && { gate }) });
  return readFileSync(report, "utf8") + readFileSync(report.replace("json", "txt"), "utf8");
}

/** Each command of AWS, with a part that sends it. */
async function commandsOfParts(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const part of ALONE)
    await reportOf(
      (command, send) => {
        found.set(command, part);
        return send();
      },
      [part],
    );
  return found;
}

const foundIn = (report: string, texts: readonly string[]) =>
  texts.filter((text) => report.toLowerCase().includes(text.toLowerCase()));

describe("The report of a smoke test", () => {
  it("Has every fact with its numbers, and no identifier of anybody", async () => {
    const report = await reportOf();
    expect(report).toMatch(/reads of the entry on <cluster-1> were at most [\d.]+ s behind/);
    expect(report).toContain('"region": "us-west-2"');
    expect(foundIn(report, identifiers())).toEqual([]);
  });

  it("Has no secret that AWS's errors contain, whichever call fails", async () => {
    const SECRET = "xoxb-1-planted AKIAPLANTED alice@example.com arn:aws:iam::111122223333:role/x";
    const commands = await commandsOfParts();
    expect(commands.size).toBeGreaterThan(12);
    for (const [failing, part] of commands) {
      const gate: Gate = async (command, send) => {
        if (command !== failing) return send();
        throw Object.assign(new Error(SECRET), { name: SECRET, $fault: "client" });
      };
      const report = await reportOf(gate, [part]);
      await runSmoke(world, { smoke: true, clean: true }, { pace: PACE });
      expect([failing, foundIn(report, [...SECRET.split(" "), ...identifiers()])]).toEqual([
        ...[failing, []],
      ]);
    }
  });
});

describe("A sentence of a report", () => {
  it("Has the same placeholder for the same thing, and others for others", () => {
    const hide = hiding();
    const [prod, dev] = [named("cluster", "prod"), named("cluster", "dev")];
    expect(hide(redactable`${prod} and ${dev}`)).toBe("<cluster-1> and <cluster-2>");
    expect(hide(redactable`${dev}, ${named("role", "prod")}`)).toBe("<cluster-2>, <role-1>");
    expect(shown(redactable`${prod} after ${seconds(1.44)}`)).toBe("prod after 1.4 s");
  });

  it("Shows names of errors that AWS documents, and of regions, only", () => {
    const hide = hiding();
    expect(hide(named("error", "AccessDeniedException"))).toBe("AccessDeniedException");
    expect(hide(named("error", "AccessDenied for alice"))).toBe("<error-1>");
    expect(hide(named("region", "eu-central-1"))).toBe("eu-central-1");
    expect(hide(named("region", "alice-1"))).toBe("<region-1>");
  });

  it.each([
    [0, "0 s"],
    [9.96, "10 s"],
    [119, "119 s"],
    [120, "2 min"],
    [150.4, "2 min 30 s"],
  ])("Writes %s seconds as %s", (value, text) => {
    expect(shown(seconds(value))).toBe(text);
  });
});
