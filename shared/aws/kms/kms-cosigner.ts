import { type KeyObject, verify } from "node:crypto";
import { GetPublicKeyCommand, type KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { witnessKeyIn } from "../../domain/evidence/archive/witness-key.ts";
import type { Cosigner } from "../../ports/cosigner.ts";

/**
 * A key of KMS for Ed25519 (ECC_NIST_EDWARDS25519, SIGN_VERIFY). Each signature is verified before it is used.
 *
 * @param keyId the key's id or ARN
 */
export function kmsCosigner(client: KMSClient, keyId: string): Cosigner {
  let kept: KeyObject | undefined;
  const key = async () => {
    kept ??= await publicKeyOf(client, keyId);
    return kept;
  };
  return {
    key,
    async sign(text) {
      const Message = Buffer.from(text);
      const { Signature } = await client.send(
        new SignCommand({
          KeyId: keyId,
          Message,
          // The other form, ED25519_PH_SHA_512 over a digest, is not the one that cosignatures have.
          // https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
          MessageType: "RAW",
          SigningAlgorithm: "ED25519_SHA_512",
        }),
      );
      if (!Signature || !verify(null, Message, await key(), Signature))
        throw new Error(
          `KMS answered a signature that ${keyId} did not make. Nothing was cosigned.`,
        );
      return Signature;
    },
  };
}

async function publicKeyOf(client: KMSClient, keyId: string): Promise<KeyObject> {
  const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
  const key = PublicKey && witnessKeyIn(PublicKey);
  if (!key) throw new Error(`KMS answered no Ed25519 key for ${keyId}. Nothing was cosigned.`);
  return key;
}
