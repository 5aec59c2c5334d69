import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import {
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  ListKeysCommand,
  type MessageType,
  SignCommand,
  type SigningAlgorithmSpec,
  VerifyCommand,
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
const ALIAS = "alias/seal";
const ALIAS_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:${ALIAS}`;
const NOW = new Date("2026-11-24T10:00:00Z");

const signer = role("signer", { policy: document(statement("kms:*")) });
const reader = role("reader", { policy: document(statement("kms:GetPublicKey")) });
const onlyHere = role("named", { path: "/keys/" });
const namesake = role("namesake", { path: "/other/" });
const onlyDigests = role("digests", {
  policy: document(
    statement("kms:Sign", ARN, {
      Condition: {
        StringEquals: {
          "kms:MessageType": "DIGEST",
          "kms:SigningAlgorithm": "ECDSA_SHA_256",
          "kms:RequestAlias": ALIAS,
        },
      },
    }),
  ),
});

const allow = (principal: string, action = "kms:*") => ({
  ...statement(action),
  Principal: { AWS: principal },
});
const root = `arn:aws:iam::${ACCOUNT}:root`;
const kms = memoryStore(emptyKmsState());
const declare = (...statements: Record<string, unknown>[]) =>
  declareKeys(
    kms,
    [{ id: ID, arn: ARN, description: "seals", isEnabled: true, policy: document(...statements) }],
    [{ name: ALIAS, keyId: ARN }],
    NOW,
  );

let port: RunningPort;
let client: KMSClient;
beforeAll(async () => {
  const iam = iamStore(signer, reader, onlyHere, namesake, onlyDigests);
  port = await listen({
    services: [kmsService({ kms, iam, account: ACCOUNT, region: REGION })],
    iam,
  });
  client = new KMSClient(clientConfig(port.url, signer));
});
beforeEach(() => declare(allow(root)));
afterAll(() => port.close());

const MESSAGE = Buffer.from("a seal of one day");
const DIGEST = createHash("sha256").update(MESSAGE).digest();
const as = (of: typeof signer) => new KMSClient(clientConfig(port.url, of));
const sign = (
  Message: Uint8Array,
  MessageType: MessageType = "RAW",
  { of = client, KeyId = ID, algorithm = "ECDSA_SHA_256" as SigningAlgorithmSpec } = {},
) => of.send(new SignCommand({ KeyId, Message, MessageType, SigningAlgorithm: algorithm }));
const verify = (Message: Uint8Array, Signature: Uint8Array, MessageType: MessageType = "RAW") =>
  client.send(
    new VerifyCommand({
      KeyId: ID,
      Message,
      Signature,
      MessageType,
      SigningAlgorithm: "ECDSA_SHA_256",
    }),
  );
const publicKey = async () => {
  const { PublicKey = new Uint8Array() } = await client.send(
    new GetPublicKeyCommand({ KeyId: ID }),
  );
  return createPublicKey({ key: Buffer.from(PublicKey), type: "spki", format: "der" });
};

describe("Sign", () => {
  it.each<[MessageType, Buffer]>([
    ["RAW", MESSAGE],
    ["DIGEST", DIGEST],
  ])("a %s message gets a signature that the public key verifies", async (type, message) => {
    const { Signature = new Uint8Array(), KeyId, SigningAlgorithm } = await sign(message, type);
    expect([KeyId, SigningAlgorithm]).toEqual([ARN, "ECDSA_SHA_256"]);
    expect(verifySignature("sha256", MESSAGE, await publicKey(), Signature)).toBe(true);
  });

  it("Sign takes 4096 bytes, and no more", async () => {
    await expect(sign(Buffer.alloc(4096, 1))).resolves.toBeDefined();
    await expect(sign(Buffer.alloc(4097, 1))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("Sign takes a digest of 32 bytes only", async () => {
    for (const length of [31, 33])
      await expect(sign(Buffer.alloc(length, 1), "DIGEST")).rejects.toMatchObject({
        name: "ValidationException",
        message: "Digest is invalid length for algorithm ECDSA_SHA_256.",
      });
  });

  it.each([ID, ARN, ALIAS, ALIAS_ARN])("Sign finds the key by %s", async (KeyId) => {
    await expect(sign(MESSAGE, "RAW", { KeyId })).resolves.toMatchObject({ KeyId: ARN });
  });

  it.each([
    ["another key", ID.replace("1", "2")],
    ["an alias that is not there", "alias/none"],
    ["what is no id", "seal"],
    ["an id of another region", ARN.replace(REGION, "eu-west-1")],
    ["an inherited member", "constructor"],
  ])("Sign does not find %s", async (_what, KeyId) => {
    await expect(sign(MESSAGE, "RAW", { KeyId })).rejects.toMatchObject({
      name: "NotFoundException",
    });
  });

  it("Sign refuses an algorithm that does not fit the key", async () => {
    await expect(sign(MESSAGE, "RAW", { algorithm: "RSASSA_PSS_SHA_256" })).rejects.toMatchObject({
      name: "InvalidKeyUsageException",
    });
  });

  it("Sign refuses by name what is not emulated", async () => {
    await expect(
      client.send(
        new SignCommand({
          KeyId: ID,
          Message: MESSAGE,
          DryRun: true,
          SigningAlgorithm: "ECDSA_SHA_256",
        }),
      ),
    ).rejects.toThrow("DryRun");
    await expect(sign(MESSAGE, "EXTERNAL_MU" as MessageType)).rejects.toThrow("EXTERNAL_MU");
    await expect(client.send(new ListKeysCommand({}))).rejects.toThrow("kms:ListKeys");
  });

  it("Sign refuses while the key is disabled", async () => {
    await client.send(new DisableKeyCommand({ KeyId: ID }));
    await expect(sign(MESSAGE)).rejects.toMatchObject({ name: "DisabledException" });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: ID }));
    expect(KeyMetadata).toMatchObject({ Enabled: false, KeyState: "Disabled" });
    await client.send(new EnableKeyCommand({ KeyId: ID }));
    await expect(sign(MESSAGE)).resolves.toBeDefined();
  });
});

describe("Verify", () => {
  it("Verify accepts the signature only of this message", async () => {
    const { Signature = new Uint8Array() } = await sign(MESSAGE);
    await expect(verify(MESSAGE, Signature)).resolves.toMatchObject({ SignatureValid: true });
    await expect(verify(DIGEST, Signature, "DIGEST")).resolves.toBeDefined();
    const refusal = { name: "KMSInvalidSignatureException" };
    await expect(verify(Buffer.from("another"), Signature)).rejects.toMatchObject(refusal);
    await expect(verify(MESSAGE, Buffer.from("nonsense"))).rejects.toMatchObject(refusal);
  });
});

describe("the right to use a key", () => {
  const denied = { name: "AccessDeniedException" };

  it("A caller needs IAM's permission where the key policy leaves it to IAM", async () => {
    await expect(sign(MESSAGE, "RAW", { of: as(reader) })).rejects.toMatchObject(denied);
    await expect(as(reader).send(new GetPublicKeyCommand({ KeyId: ID }))).resolves.toMatchObject({
      KeySpec: "ECC_NIST_P256",
      KeyUsage: "SIGN_VERIFY",
    });
  });

  it("IAM's permission does not help where the key policy does not name the caller", async () => {
    declare(allow(onlyHere.arn));
    await expect(sign(MESSAGE)).rejects.toMatchObject(denied);
    await expect(sign(MESSAGE, "RAW", { of: as(onlyHere) })).resolves.toBeDefined();
    await expect(sign(MESSAGE, "RAW", { of: as(namesake) })).rejects.toMatchObject(denied);
  });

  it("A Deny of the key policy holds, whatever IAM allows", async () => {
    declare(allow(root), { ...allow(signer.arn, "kms:Sign"), Effect: "Deny" });
    await expect(sign(MESSAGE)).rejects.toMatchObject(denied);
    await expect(publicKey()).resolves.toBeDefined();
  });

  it("Conditions see the alias, the kind of message and the algorithm", async () => {
    const of = as(onlyDigests);
    await expect(sign(DIGEST, "DIGEST", { of, KeyId: ALIAS })).resolves.toBeDefined();
    await expect(sign(DIGEST, "DIGEST", { of })).rejects.toMatchObject(denied);
    await expect(sign(MESSAGE, "RAW", { of, KeyId: ALIAS })).rejects.toMatchObject(denied);
  });
});

it("DescribeKey says what the key is", async () => {
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: ALIAS }));
  expect(KeyMetadata).toMatchObject({
    AWSAccountId: ACCOUNT,
    KeyId: ID,
    Arn: ARN,
    CreationDate: NOW,
    Enabled: true,
    Description: "seals",
    KeyState: "Enabled",
    SigningAlgorithms: ["ECDSA_SHA_256"],
  });
});

it("a key that is declared again keeps its material, and one that is not declared stays", async () => {
  const { Signature = new Uint8Array() } = await sign(MESSAGE);
  declare(allow(root));
  await expect(verify(MESSAGE, Signature)).resolves.toBeDefined();
  declareKeys(kms, [], [], new Date());
  await expect(verify(MESSAGE, Signature)).resolves.toBeDefined();
});
