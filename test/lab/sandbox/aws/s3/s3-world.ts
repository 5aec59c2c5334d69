import { S3Client } from "@aws-sdk/client-s3";
import type { IamRole } from "../../../../../lab/sandbox/aws/iam/state.ts";
import {
  type BucketDeclaration,
  declareBuckets,
} from "../../../../../lab/sandbox/aws/s3/make-bucket.ts";
import { s3Service } from "../../../../../lab/sandbox/aws/s3/service.ts";
import { emptyS3State, memoryBlobs } from "../../../../../lab/sandbox/aws/s3/state.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  role,
  statement,
} from "../iam-world.ts";

export const ARCHIVE = "archive";
export const TRIAL = "trial";
export const PLAIN = "plain";
export const HOUR_MS = 3_600_000;

export const admin = role("admin", { policy: document(statement("s3:*")) });
/** May write and read objects, and not list them, delete versions or bypass governance. */
export const writer = role("writer", {
  policy: document(
    statement(["s3:PutObject", "s3:GetObject", "s3:DeleteObject"], "arn:aws:s3:::*/*"),
  ),
});

const unlocked = { isVersioned: true, isLockable: false, policies: [] };
const BUCKETS: readonly BucketDeclaration[] = [
  {
    name: ARCHIVE,
    isVersioned: true,
    isLockable: true,
    policies: [],
    defaultRetention: { mode: "COMPLIANCE", days: 30 },
  },
  { name: TRIAL, isVersioned: true, isLockable: true, policies: [] },
  { ...unlocked, name: PLAIN, isVersioned: false },
  { ...unlocked, name: "versioned" },
  {
    ...unlocked,
    name: "guarded",
    policies: [
      document({
        ...statement("s3:PutObject", "arn:aws:s3:::guarded/*"),
        Effect: "Deny",
        Principal: "*",
        Condition: { Null: { "s3:if-none-match": "true" } },
      }),
    ],
  },
];

/** The buckets behind one port, whose clock only tests set ahead. */
export async function s3World() {
  const s3 = memoryStore(emptyS3State());
  declareBuckets(s3, BUCKETS);
  const iam = iamStore(admin, writer);
  const blobs = memoryBlobs();
  const clock = { aheadMs: 0 };
  const service = s3Service({ s3, blobs, iam, account: ACCOUNT, region: REGION });
  const operations = Object.fromEntries(
    Object.entries(service.operations).map(([name, { permissions, run }]) => [
      name,
      {
        permissions,
        // Signatures are judged by the machine's clock, and retention by the call's time.
        run: (call: Parameters<typeof run>[0]) =>
          run({ ...call, now: new Date(call.now.getTime() + clock.aheadMs) }),
      },
    ]),
  );
  const port = await listen({ services: [{ ...service, operations }], iam });
  return {
    s3,
    clock,
    url: port.url,
    close: port.close,
    redeclare: () => declareBuckets(s3, BUCKETS),
    client: (of: IamRole = admin, more: Record<string, unknown> = {}) =>
      new S3Client({ ...clientConfig(port.url, of), forcePathStyle: true, ...more }),
  };
}

export type S3World = Awaited<ReturnType<typeof s3World>>;
