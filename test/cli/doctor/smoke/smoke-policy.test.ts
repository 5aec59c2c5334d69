/** Credentials that docs/smoke-policy.json describes. */
import { appendFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { PARTS } from "../../../../cli/doctor/smoke/part-list.ts";
import { inRepository } from "../../../../infra/synth/repository.ts";
import { profileCredential } from "../../../../lab/sandbox/world/people.ts";
import { remains, runSmoke, type SmokeWorld, signWith, smokeWorld } from "./smoke-world.ts";

const POLICY = JSON.parse(readFileSync(inRepository("docs/smoke-policy.json"), "utf8"));
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
  restoreSeconds: 20,
  roleSeconds: 5,
  stackSeconds: 5,
};
const ALONE = PARTS.filter(({ name, onlyByName }) => name !== "grant" && !onlyByName).map(
  ({ name }) => name,
);

let world: SmokeWorld;
beforeAll(async () => {
  world = await smokeWorld({ hasTables: true });
  const notices = "notices: { email: { from: access@example.com, configurationSet: timelatch } }";
  appendFileSync(path.join(world.folder, "access.yaml"), `\n${notices}\n`);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => world.close());

/** Signs as somebody who has nothing but this policy. */
function asHolder(policy: object): void {
  const { iam } = world.state;
  const role = Object.values(iam.state.roles).find(({ roleName }) => roleName === "mallory");
  if (!role) throw new Error("The sandbox has no mallory.");
  iam.change(({ roles }) => {
    roles[role.arn] = { ...role, policies: { Smoke: { ...policy } } };
  });
  signWith(world.url, profileCredential(iam.state, "mallory"));
}

const run = (only = ALONE) => runSmoke(world, { smoke: ["staging"], only }, { pace: PACE });

/** A part that cannot do without the statement. */
const NEEDED_BY = {
  ReadTheDeployment: "entries",
  ScratchRoles: "entries",
  MakeScratchEntries: "entries",
  ScratchEntries: "entries",
  ScratchFuses: "fuse",
  FireAlarms: "alarms",
  ScratchAlarms: "missing-data",
  ScratchQueues: "queue",
  RestoreTheLedger: "restore",
  ScratchTables: "restore",
  ScratchStacks: "stacks",
  TimesOfAuditEvents: "logs",
  SpeakInSlack: "messages",
  WriteToSesSimulator: "messages",
  FusesFireUnderTheDeploymentsRole: "fuse",
};

describe("docs/smoke-policy.json", () => {
  it("Is enough for every part but the one that asks as yourself", async () => {
    asHolder(POLICY);
    const { document } = await run();
    expect(document.failed).toEqual([]);
    expect(document.left).toEqual([]);
    expect(remains(world)).toEqual([]);
  });

  it("Every statement of it is needed", async () => {
    expect(POLICY.Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual(Object.keys(NEEDED_BY));
    for (const [Sid, part] of Object.entries(NEEDED_BY)) {
      const Statement = POLICY.Statement.filter((one: { Sid: string }) => one.Sid !== Sid);
      asHolder({ ...POLICY, Statement });
      const { document, failure } = await run([part]).catch((failure: unknown) => ({
        document: undefined,
        failure,
      }));
      expect([Sid, failure !== undefined && document?.failed?.length !== 0]).toEqual([Sid, true]);
      asHolder(POLICY);
      await runSmoke(world, { smoke: true, clean: true }, { pace: PACE });
      expect([Sid, remains(world)]).toEqual([Sid, []]);
    }
  });
});
