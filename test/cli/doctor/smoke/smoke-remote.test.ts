/** A smoke test on a cluster of another account and region, and on clusters that it refuses. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { IamRole } from "../../../../lab/sandbox/aws/iam/state.ts";
import { groupArn } from "../../../../lab/sandbox/aws/scheduler/state.ts";
import {
  ACCOUNT,
  FAR_REGION,
  REGION,
  SPOKE_ACCOUNT,
} from "../../../../lab/sandbox/world/account.ts";
import { SPOKE_ADMIN, spokeAdminKey } from "../../../../lab/sandbox/world/spoke-admin.ts";
import { asAdmin, remains, runSmoke, type SmokeWorld, smokeWorld } from "./smoke-world.ts";

let world: SmokeWorld;
beforeAll(async () => {
  world = await smokeWorld();
  const file = path.join(world.folder, "access.yaml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/^clusters:$/m, `clusters:\n${FAR_CLUSTERS}`));
  deploySpoke();
  const key = spokeAdminKey(world.state.iam.state, SPOKE_ADMIN);
  writeFileSync(
    path.join(world.folder, "credentials"),
    `[spoke]\naws_access_key_id = ${key?.accessKeyId}\naws_secret_access_key = ${key?.secretAccessKey}\naws_session_token = ${key?.sessionToken}\n`,
  );
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => world.close());

const FAR_CLUSTERS = `  ireland:
    arn: arn:aws:eks:${FAR_REGION}:${SPOKE_ACCOUNT}:cluster/ireland
  gone:
    arn: arn:aws:eks:${REGION}:${ACCOUNT}:cluster/gone
  old:
    arn: arn:aws:eks:${REGION}:${ACCOUNT}:cluster/old
    retired: true`;

/** The role and the group that a spoke's stack has for fuses, as the broker's own. */
function deploySpoke(): void {
  const { state } = world;
  const own = Object.values(state.iam.state.roles).find(
    ({ roleName }) => roleName === "timelatch-fuse",
  );
  const text = JSON.stringify(own)
    .replaceAll(ACCOUNT, SPOKE_ACCOUNT)
    .replaceAll(REGION, FAR_REGION);
  const role = JSON.parse(text) as IamRole;
  state.iam.change(({ roles }) => {
    roles[role.arn] = role;
  });
  const there = state.places.find(
    ({ account, region }) => account === SPOKE_ACCOUNT && region === FAR_REGION,
  );
  const at = new Date().toISOString();
  there?.scheduler.change(({ groups }) => {
    groups["timelatch"] = {
      name: "timelatch",
      arn: groupArn(FAR_REGION, SPOKE_ACCOUNT, "timelatch"),
      creationDate: at,
      lastModificationDate: at,
      tags: {},
      requests: {},
    };
  });
}

const PACE = {
  pollMs: 20,
  readSeconds: 0,
  fuseSeconds: 1,
  fuseLateSeconds: 1,
  fuseApartSeconds: 0,
};

function play(smoke: readonly string[], part: string, account = [`${SPOKE_ACCOUNT}=spoke`]) {
  asAdmin(world);
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", path.join(world.folder, "credentials"));
  return runSmoke(world, { smoke, only: [part], account }, { pace: PACE });
}

describe("A cluster of another account and region", () => {
  it("Its fuses fire there, by its own Scheduler and role", async () => {
    const { document, failure } = await play(["ireland"], "fuse");
    expect(document.failed).toEqual([]);
    expect(document.facts).toMatchObject([
      {
        verdict: "holds",
        says: expect.stringMatching(/^the fuse took the access on ireland away/),
      },
      {
        verdict: "holds",
        says: expect.stringMatching(/^the fuse took the access entry on ireland/),
      },
    ]);
    expect(failure).toBeUndefined();
    expect(remains(world)).toEqual([]);
  });

  it("Where nobody names one, that is said", async () => {
    const { document } = await play(["staging"], "fuse");
    expect(document.facts.at(-1)).toMatchObject({
      fact: "fuse-fires",
      verdict: "unsettled",
      says: "no cluster in 444455556666, eu-west-1 was named",
    });
  });
});

describe("A cluster that is refused", () => {
  it.each([
    ["stranger", "access.yaml has no cluster stranger that is not retired."],
    ["old", "access.yaml has no cluster old that is not retired."],
    ["gone", "EKS knows no arn:aws:eks:us-west-2:111122223333:cluster/gone."],
    ["legacy", "legacy has authentication mode CONFIG_MAP and status ACTIVE."],
  ])("%s: %s", async (cluster, says) => {
    const { failure } = await play([cluster], "entries");
    expect([failure?.exit, failure?.message]).toEqual(["usage", `${says} Nothing was made.`]);
    expect(remains(world)).toEqual([]);
  });

  it("One without credentials, and one with those of another account", async () => {
    const without = await play(["ireland"], "entries", []);
    expect(without.failure?.message).toMatch(
      /nobody gave credentials for it\. Nothing was made\.$/,
    );
    writeFileSync(
      path.join(world.folder, "credentials"),
      readFileSync(path.join(world.folder, "credentials"), "utf8").replace("[spoke]", "[other]"),
    );
    const other = await play(["ireland"], "entries", [`${SPOKE_ACCOUNT}=default`]).catch(String);
    expect(other).not.toMatchObject({ failure: undefined });
    expect(remains(world)).toEqual([]);
  });

  it("None at all, and a part that there is not", async () => {
    asAdmin(world);
    const none = await runSmoke(world, { smoke: true });
    expect(none.failure?.message).toBe("--smoke names no cluster. Nothing was made.");
    const part = await runSmoke(world, { smoke: ["staging"], only: ["weather"] });
    expect(part.failure?.message).toBe("There is no part weather. Nothing was made.");
  });
});
