import { generateKeyPairSync } from "node:crypto";
import type { Store } from "../store.ts";
import { type KeySpec, type KmsKey, type KmsState, specOf } from "./state.ts";

/** A key of the template for SIGN_VERIFY; without a spec, ECC_NIST_P256. */
export interface KeyDeclaration {
  readonly id: string;
  readonly arn: string;
  readonly description: string;
  readonly isEnabled: boolean;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly spec?: KeySpec;
}

export interface AliasDeclaration {
  /** `alias/seal` */
  readonly name: string;
  /** A key's id or ARN. */
  readonly keyId: string;
}

/**
 * Creates or updates the template's keys and aliases. A key that exists keeps its material, and
 * takes description and policy from the template, as in a stack update. CloudFormation does not look whether
 * somebody disabled the key or scheduled its deletion, so that stays. No key is ever deleted.
 */
export function declareKeys(
  store: Store<KmsState>,
  keys: readonly KeyDeclaration[],
  aliases: readonly AliasDeclaration[],
  now: Date,
): void {
  store.change((state) => {
    for (const declared of keys) {
      const before = state.keys[declared.id];
      state.keys[declared.id] = {
        ...(before ?? newMaterial(specOf(declared), now)),
        ...declared,
        isEnabled: declared.isEnabled && (before?.isEnabled ?? true),
      } satisfies KmsKey;
    }
    for (const { name, keyId } of aliases)
      state.aliases[name] = keyId.slice(keyId.lastIndexOf("/") + 1);
  });
}

function newMaterial(spec: KeySpec, now: Date): Pick<KmsKey, "createdAt" | "privateKey"> {
  const { privateKey } =
    spec === "ECC_NIST_P256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { createdAt: now.toISOString(), privateKey: pem };
}
