/** `timelatch doctor --restored`: on the tables that the synthesized stack declares, in memory. */
import { describe, expect, it } from "vitest";
import type { Template } from "../../../cli/deployment/assembly.ts";
import { AWS_OWNED, type RestoredTable } from "../../../cli/deployment/restored-tables.ts";
import {
  HOLDS,
  type Holds,
  indexText,
  TABLE_KEYS,
  TABLE_NEEDS,
} from "../../../cli/deployment/table-needs.ts";
import { RESTORED_CHECKS } from "../../../cli/doctor/check-list.ts";
import { examine } from "../../../cli/doctor/examine.ts";
import { Unread } from "../../../cli/doctor/sights.ts";
import { variantOf } from "../../../infra/synth/variants.ts";
import { type HealthyPatient, healthyPatient } from "../../../lab/fakes/healthy-patient.ts";
import { ACCOUNT, broker, SAMPLE } from "../../infra/broker.ts";

const ARN = `arn:aws:dynamodb:us-west-2:${ACCOUNT}:table/`;

/** A table with everything. */
const whole = (holds: Holds, name: string): RestoredTable => ({
  arn: `${ARN}${name}`,
  status: "ACTIVE",
  sourceArn: undefined,
  shape: "",
  keys: TABLE_KEYS,
  indexes: Object.fromEntries(TABLE_NEEDS[holds].indexes.map((one) => [one.name, indexText(one)])),
  ttl: TABLE_NEEDS[holds].ttl,
  pointInTimeRecovery: true,
  deletionProtection: true,
  encryption: AWS_OWNED,
  tags: {},
});

/** The stack, with names for what it makes. */
function contentsOf(template: Template) {
  const ids = Object.keys(template.Resources ?? {});
  return { template, resources: new Map(ids.map((id) => [id, `Timelatch-${id}`])) };
}

const OWN: Template = broker().template;
const idOf = (holds: Holds) =>
  Object.keys(OWN.Resources ?? {}).find((id) => id.toLowerCase().startsWith(`tables${holds}`));
const ownName = (holds: Holds) => `Timelatch-${idOf(holds)}`;

/** A deployment whose tables have everything. */
function deployed(template: Template = OWN): HealthyPatient {
  const world = healthyPatient(SAMPLE, ACCOUNT);
  world.broker.contents = contentsOf(template);
  for (const holds of HOLDS) {
    const name = ownName(holds);
    world.broker.tables.set(name, whole(holds, name));
  }
  return world;
}

const found = async (world: HealthyPatient) => examine(world.patient, RESTORED_CHECKS);
const ill = async (world: HealthyPatient) => (await found(world)).filter(({ ok }) => !ok);

describe("Tables that the stack made", () => {
  it("Each is well, and says by which attribute its items expire", async () => {
    const all = await found(deployed());
    expect(all.map(({ ok, subject }) => [ok, subject])).toEqual(
      HOLDS.map((holds) => [true, `${holds} ${ownName(holds)}`]),
    );
    expect(all[0]?.says).toContain("time to live by ttl");
    expect(all[1]?.says).toContain("no time to live");
  });

  const LEDGER = ownName("ledger");
  it.each<[what: string, holds: Holds, lacking: Partial<RestoredTable>, RegExp, string]>([
    [
      "no time to live",
      "ledger",
      { ttl: undefined },
      /^has no time to live$/,
      `aws dynamodb update-time-to-live --table-name ${LEDGER} --time-to-live-specification Enabled=true,AttributeName=ttl`,
    ],
    [
      "a time to live by another attribute",
      "ledger",
      { ttl: "expires" },
      /by expires, not by ttl/,
      "Enabled=false,AttributeName=expires; an hour later aws dynamodb",
    ],
    [
      "a time to live of evidence",
      "audit",
      { ttl: "ttl" },
      /evidence is deleted/,
      "Enabled=false,AttributeName=ttl",
    ],
    [
      "no point-in-time recovery",
      "ledger",
      { pointInTimeRecovery: false },
      /no point-in-time recovery/,
      `aws dynamodb update-continuous-backups --table-name ${LEDGER} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
    ],
    [
      "no deletion protection",
      "ledger",
      { deletionProtection: false },
      /no deletion protection/,
      `aws dynamodb update-table --table-name ${LEDGER} --deletion-protection-enabled`,
    ],
    [
      "another key",
      "ledger",
      { encryption: "arn:aws:kms:us-west-2:111122223333:key/k" },
      /encrypted with arn:aws:kms.*not with a key that AWS owns/,
      `aws dynamodb update-table --table-name ${LEDGER} --sse-specification Enabled=false`,
    ],
    [
      "no index",
      "audit",
      { indexes: {} },
      /^has no index audit$/,
      `--attribute-definitions AttributeName=auditPk,AttributeType=S AttributeName=auditSk,AttributeType=S --global-secondary-index-updates '[{"Create":{"IndexName":"audit","KeySchema":[{"AttributeName":"auditPk","KeyType":"HASH"},{"AttributeName":"auditSk","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}}]'`,
    ],
    [
      "an index that holds less",
      "audit",
      { indexes: { audit: "auditPk auditSk KEYS_ONLY" } },
      /another index audit/,
      "timelatch docs runbook#restore-a-table",
    ],
    [
      "the indexes of another kind of table",
      "ledger",
      { indexes: { audit: "auditPk auditSk ALL" } },
      /^holds something else: it has the index audit$/,
      "timelatch docs runbook#restore-a-table",
    ],
    [
      "other keys",
      "ledger",
      { keys: "HASH pk" },
      /keys HASH pk/,
      "timelatch docs runbook#restore-a-table",
    ],
    [
      "a restore that goes on",
      "ledger",
      { status: "CREATING", ttl: undefined, pointInTimeRecovery: false },
      /its status is CREATING/,
      `aws dynamodb wait table-exists --table-name ${LEDGER}`,
    ],
  ])("A table with %s is named, and nothing else", async (_what, holds, lacking, says, next) => {
    const world = deployed();
    const name = ownName(holds);
    world.broker.tables.set(name, { ...whole(holds, name), ...lacking });
    const all = await ill(world);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({
      check: "tables",
      subject: `${holds} ${name}`,
      says: expect.stringMatching(says),
      next: expect.stringContaining(next),
    });
  });

  it("A table without the template's tags lacks them, and the command gives them", async () => {
    const id = idOf("ledger") ?? "";
    const template = structuredClone(OWN) as { Resources: Record<string, { Properties: object }> };
    Object.assign(template.Resources[id]?.Properties ?? {}, {
      Replicas: [{ Tags: [{ Key: "owner", Value: "o'neill" }] }],
    });
    const world = deployed(template as unknown as Template);
    expect(await ill(world)).toMatchObject([
      {
        says: "lacks the tags owner",
        next: `aws dynamodb tag-resource --resource-arn ${ARN}${ownName("ledger")} --tags '[{"Key":"owner","Value":"o'\\''neill"}]'`,
      },
    ]);
  });

  it("A table that is gone, and a stack that is not deployed, are named", async () => {
    const world = deployed();
    world.broker.tables.delete(ownName("ledger"));
    expect(await ill(world)).toMatchObject([{ says: "does not exist" }]);
    world.patient.broker.stackContents = async () => undefined;
    expect(await ill(world)).toMatchObject([
      { subject: "Timelatch", says: "it is not deployed", next: "timelatch deploy" },
    ]);
  });

  it("Where AWS refuses a read, it says which actions are missing", async () => {
    const world = deployed();
    world.patient.broker.table = async (name) => {
      throw new Unread(`the table ${name}: AccessDeniedException`, "AccessDeniedException");
    };
    expect(await ill(world)).toMatchObject([
      {
        says: expect.stringContaining("not known"),
        next: expect.stringContaining("dynamodb:DescribeContinuousBackups"),
      },
    ]);
  });
});

describe("A restored table that the broker took", () => {
  const NAME = "Restored-Ledger";
  const SOURCE = `${ARN}${ownName("ledger")}`;
  const adopted = (
    source: Partial<RestoredTable> | "gone",
    lacking: Partial<RestoredTable> = {},
  ) => {
    const variant = variantOf({
      TIMELATCH_SETTINGS: "sandbox",
      TIMELATCH_TABLES: `ledger=${NAME}`,
    });
    const world = deployed(broker(undefined, variant).template);
    world.broker.tables.set(NAME, { ...whole("ledger", NAME), sourceArn: SOURCE, ...lacking });
    if (source !== "gone")
      world.broker.tables.set(SOURCE, { ...whole("ledger", ownName("ledger")), ...source });
    return world;
  };

  it("It is the one that is looked at, in place of the stack's own", async () => {
    const all = await found(adopted({}));
    expect(all.map(({ ok, subject }) => [ok, subject])).toContainEqual([true, `ledger ${NAME}`]);
    expect(all).toHaveLength(3);
  });

  it("It lacks the tags and the key that its source has", async () => {
    const key = "arn:aws:kms:us-west-2:111122223333:key/k";
    const all = await ill(adopted({ tags: { team: "platform" }, encryption: key }));
    expect(all).toMatchObject([
      { says: "lacks the tags team" },
      { next: expect.stringContaining(`Enabled=true,SSEType=KMS,KMSMasterKeyId=${key}`) },
    ]);
  });

  it("Everything that a restore leaves out is named at once", async () => {
    const bare = {
      ttl: undefined,
      pointInTimeRecovery: false,
      deletionProtection: false,
    };
    const all = await ill(adopted({ tags: { team: "platform" } }, bare));
    expect(all.map(({ says }) => says.split(":")[0])).toEqual([
      "has no time to live",
      "has no point-in-time recovery",
      "has no deletion protection",
      "lacks the tags team",
    ]);
  });

  it("Where its source is gone, it says that tags were not compared", async () => {
    const all = await found(adopted("gone"));
    expect(all.find(({ subject }) => subject === `ledger ${NAME}`)).toMatchObject({
      ok: true,
      says: expect.stringContaining("not compared: its source is gone"),
    });
  });
});
