/** The archive of a recorded life, and the key that an auditor verifies it with. */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { fixedClock } from "../../lab/fakes/fixed-clock.ts";
import { memoryArchiveStore } from "../../lab/fakes/memory-archive-store.ts";
import { memoryEventBus } from "../../lab/fakes/memory-event-bus.ts";
import { memorySigner } from "../../lab/fakes/memory-signer.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import type { AuditRecords } from "../../shared/ports/audit-records.ts";
import type { StandingStore } from "../../shared/ports/standing-store.ts";
import { archive } from "../../shared/usecases/evidence/archive.ts";
import { archivePolicy } from "../../shared/usecases/evidence/archive-policy.ts";
import { publishSeals } from "../../shared/usecases/evidence/publish-seals.ts";

export interface GoldenArchive {
  /** As KMS gives it: SPKI, in base64. */
  readonly publicKey: string;
  /** Lines by key. */
  readonly objects: Readonly<Record<string, readonly string[]>>;
}

/** Archives and seals the day of the records, two days later. */
export async function recordedArchive(
  records: AuditRecords,
  standing: Pick<StandingStore, "all">,
  policy: AccessPolicy,
): Promise<GoldenArchive> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const store = memoryArchiveStore();
  const ports = {
    records,
    standing,
    store,
    policy,
    bus: memoryEventBus(),
    clock: fixedClock("2026-11-25T02:10:00.000Z"),
    signer: {
      ...memorySigner(),
      key: async () => ({
        fingerprint: fingerprintOf(publicKey),
        verifySignature: (text: string, signature: string) =>
          verify("sha256", Buffer.from(text), publicKey, Buffer.from(signature, "base64")),
      }),
      sign: async (text: string) =>
        sign("sha256", Buffer.from(text), privateKey).toString("base64"),
    },
  };
  await archive(ports, () => false);
  await archivePolicy(ports);
  await publishSeals(ports);
  return {
    publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
    objects: Object.fromEntries(store.objects),
  };
}

/** The key for the seals of a golden archive. */
export function sealKeyOf({ publicKey }: GoldenArchive) {
  const key = createPublicKey({
    key: Buffer.from(publicKey, "base64"),
    format: "der",
    type: "spki",
  });
  return {
    fingerprint: fingerprintOf(key),
    verifySignature: (text: string, signature: string) =>
      verify("sha256", Buffer.from(text), key, Buffer.from(signature, "base64")),
  };
}

const fingerprintOf = (key: KeyObject) =>
  createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex");
