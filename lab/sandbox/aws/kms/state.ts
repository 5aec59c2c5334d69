/** The state of KMS: keys with their material, and the names that stand for them. */

/** The kinds of keys that are emulated, all of which sign and verify. */
export type KeySpec = "ECC_NIST_P256" | "ECC_NIST_EDWARDS25519";

export interface KmsKey {
  /** A UUID. */
  readonly id: string;
  readonly arn: string;
  description: string;
  isEnabled: boolean;
  /** When KMS deletes it, ISO 8601 UTC, where somebody has scheduled that. Past it, the key is not there. */
  deletionDate?: string;
  /** The key policy, as IAM writes policies. */
  policy: Readonly<Record<string, unknown>>;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** Absent in states of former versions: ECC_NIST_P256. */
  readonly spec?: KeySpec;
  /** The key as PKCS #8 in PEM. In AWS it never leaves the service. */
  readonly privateKey: string;
}

export interface KmsState {
  /** By id. */
  keys: Record<string, KmsKey>;
  /** Ids of keys, by the aliases' names: `alias/seal`. */
  aliases: Record<string, string>;
}

export const emptyKmsState = (): KmsState => ({ keys: {}, aliases: {} });

export const specOf = ({ spec = "ECC_NIST_P256" }: Pick<KmsKey, "spec">): KeySpec => spec;
