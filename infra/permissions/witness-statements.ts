/** Lets a witness read the seals of another account, cosign, and add to its own bucket. */
import { allow } from "./statements.ts";

/** The witness's own bucket and key, and the bucket of the broker's archive. */
interface Witnessed {
  /** The ARN of the archive's bucket. Its policy must allow the same. */
  readonly archiveArn: string;
  readonly bucket: { readonly bucketArn: string; arnForObjects(keys: string): string };
  readonly key: { readonly keyArn: string };
}

export const witnessStatements = ({ archiveArn, bucket, key }: Witnessed) => [
  allow("ReadSeals", ["s3:GetObject"], [`${archiveArn}/seals/*`]),
  allow("ListSeals", ["s3:ListBucket"], [archiveArn], { StringEquals: { "s3:prefix": "seals/" } }),
  allow(
    "KeepCheckpoints",
    ["s3:PutObject", "s3:GetObject"],
    [bucket.arnForObjects("checkpoints/*"), bucket.arnForObjects("witness.pem")],
  ),
  allow("ListCheckpoints", ["s3:ListBucket"], [bucket.bucketArn]),
  allow("Cosign", ["kms:Sign"], [key.keyArn], {
    StringEquals: { "kms:MessageType": "RAW", "kms:SigningAlgorithm": "ED25519_SHA_512" },
  }),
  allow("ReadPublicKey", ["kms:GetPublicKey"], [key.keyArn]),
];
