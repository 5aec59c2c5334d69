/** The state of KMS: keys with their material, and the names that stand for them. */

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
  /** A P-256 key as PKCS #8 in PEM. In AWS it never leaves the service. */
  readonly privateKey: string;
}

export interface KmsState {
  /** By id. */
  keys: Record<string, KmsKey>;
  /** Ids of keys, by the aliases' names: `alias/seal`. */
  aliases: Record<string, string>;
}

export const emptyKmsState = (): KmsState => ({ keys: {}, aliases: {} });
