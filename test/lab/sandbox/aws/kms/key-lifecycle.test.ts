/** A key whose deletion somebody schedules, and what a stack update makes of it. */
import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
  SignCommand,
} from "@aws-sdk/client-kms";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { declareKeys } from "../../../../../lab/sandbox/aws/kms/declare-keys.ts";
import { kmsService } from "../../../../../lab/sandbox/aws/kms/service.ts";
import { emptyKmsState } from "../../../../../lab/sandbox/aws/kms/state.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../iam-world.ts";

const ID = "11111111-2222-4333-8444-555555555555";
const ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${ID}`;
const KEY = { KeyId: ID };
const NOW = new Date("2026-11-24T10:00:00Z");
const DAY_MS = 86_400_000;
const PENDING = { name: "KMSInvalidStateException", message: `${ARN} is pending deletion.` };

const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const policy = document({ ...statement("kms:*"), Principal: root });
const owner = role("owner", { policy: document(statement("kms:*")) });
const reader = role("reader", { policy: document(statement("kms:DescribeKey")) });
const kms = memoryStore(emptyKmsState());
const declare = () => {
  const declared = { id: ID, arn: ARN, description: "seals", isEnabled: true, policy };
  declareKeys(kms, [declared], [{ name: "alias/seal", keyId: ARN }], NOW);
};

let port: RunningPort;
let client: KMSClient;
beforeAll(async () => {
  const iam = iamStore(owner, reader);
  const services = [kmsService({ kms, iam, account: ACCOUNT, region: REGION })];
  port = await listen({ services, iam });
  client = new KMSClient(clientConfig(port.url, owner));
});
afterAll(() => port.close());
beforeEach(() => {
  kms.change((state) => {
    state.keys = {};
  });
  declare();
});

const described = async () => (await client.send(new DescribeKeyCommand(KEY))).KeyMetadata;
const sign = () =>
  client.send(
    new SignCommand({ ...KEY, Message: Buffer.from("seal"), SigningAlgorithm: "ECDSA_SHA_256" }),
  );
const schedule = (PendingWindowInDays?: number) =>
  client.send(
    new ScheduleKeyDeletionCommand({
      ...KEY,
      ...(PendingWindowInDays === undefined ? {} : { PendingWindowInDays }),
    }),
  );

describe("A key whose deletion is scheduled", () => {
  it.each([
    [undefined, 30],
    [7, 7],
  ])("A waiting period of %s days ends after %i", async (given, days) => {
    const before = Date.now();
    const answer = await schedule(given);
    const after = Date.now();
    expect(answer).toMatchObject({
      KeyId: ARN,
      KeyState: "PendingDeletion",
      PendingWindowInDays: days,
    });
    expect(await described()).toMatchObject({
      KeyState: "PendingDeletion",
      Enabled: false,
      DeletionDate: answer.DeletionDate,
    });
    const ends = (answer.DeletionDate?.getTime() ?? 0) - days * DAY_MS;
    expect([before <= ends + 1, ends <= after]).toEqual([true, true]);
  });

  it.each([6, 31, 7.5])("A waiting period of %s days is refused", async (days) => {
    await expect(schedule(days)).rejects.toMatchObject({ name: "ValidationException" });
    expect(await described()).toMatchObject({ KeyState: "Enabled" });
  });

  it("It signs nothing, and neither its public key nor any other state is to be had", async () => {
    await schedule();
    await expect(sign()).rejects.toMatchObject(PENDING);
    await expect(client.send(new GetPublicKeyCommand(KEY))).rejects.toMatchObject(PENDING);
    await expect(client.send(new EnableKeyCommand(KEY))).rejects.toMatchObject(PENDING);
    await expect(client.send(new DisableKeyCommand(KEY))).rejects.toMatchObject(PENDING);
    await expect(schedule()).rejects.toMatchObject(PENDING);
  });

  it("It comes back disabled, and signs again once somebody enables it", async () => {
    await schedule();
    expect(await client.send(new CancelKeyDeletionCommand(KEY))).toMatchObject({ KeyId: ARN });
    expect(await described()).toMatchObject({ KeyState: "Disabled", Enabled: false });
    expect((await described())?.DeletionDate).toBeUndefined();
    await expect(sign()).rejects.toMatchObject({ name: "DisabledException" });
    await client.send(new EnableKeyCommand(KEY));
    await expect(sign()).resolves.toMatchObject({ KeyId: ARN });
  });

  it("A stack update neither enables it nor keeps it", async () => {
    await schedule();
    declare();
    await expect(sign()).rejects.toMatchObject(PENDING);
    await client.send(new CancelKeyDeletionCommand(KEY));
    declare();
    await expect(sign()).rejects.toMatchObject({ name: "DisabledException" });
  });

  it("After the waiting period it is not there, nor made again by a stack update", async () => {
    await schedule(7);
    kms.change(({ keys }) => {
      const key = keys[ID];
      if (key) key.deletionDate = new Date().toISOString();
    });
    const gone = { name: "NotFoundException", message: `Key '${ARN}' does not exist` };
    await expect(client.send(new DescribeKeyCommand(KEY))).rejects.toMatchObject(gone);
    declare();
    await expect(client.send(new CancelKeyDeletionCommand(KEY))).rejects.toMatchObject(gone);
  });
});

it("Only a deletion that is scheduled can be cancelled", async () => {
  await expect(client.send(new CancelKeyDeletionCommand(KEY))).rejects.toMatchObject({
    name: "KMSInvalidStateException",
    message: `${ARN} is not pending deletion.`,
  });
});

it("An alias schedules no deletion", async () => {
  const KeyId = "alias/seal";
  await expect(client.send(new ScheduleKeyDeletionCommand({ KeyId }))).rejects.toMatchObject({
    name: "NotFoundException",
  });
  expect(await described()).toMatchObject({ KeyState: "Enabled" });
});

it("A caller who may only look schedules no deletion", async () => {
  const as = new KMSClient(clientConfig(port.url, reader));
  await expect(as.send(new ScheduleKeyDeletionCommand(KEY))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
});
