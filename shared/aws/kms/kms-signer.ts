import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { GetPublicKeyCommand, type KMSClient, SignCommand } from "@aws-sdk/client-kms";
import type { Signer } from "../../ports/signer.ts";

/**
 * An asymmetric key of KMS (ECC_NIST_P256, SIGN_VERIFY). Each signature is verified before it is
 * used.
 *
 * @param keyId the key's id or ARN
 */
export function kmsSigner(client: KMSClient, keyId: string): Signer {
  let kept: Promise<Uint8Array> | undefined;
  const fetched = async (): Promise<Uint8Array> => {
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
    if (!PublicKey) throw new Error(`KMS answered no public key for ${keyId}. Nothing was signed.`);
    return PublicKey;
  };
  const publicKey = () => {
    kept ??= fetched().catch((error: unknown) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
  return {
    async key() {
      const der = await publicKey();
      const key = keyOf(der);
      return {
        fingerprint: createHash("sha256").update(der).digest("hex"),
        verifySignature: (text, signature) =>
          verify("sha256", Buffer.from(text), key, Buffer.from(signature, "base64")),
      };
    },
    async sign(text) {
      const { Signature } = await client.send(
        new SignCommand({
          KeyId: keyId,
          // A seal may be longer than the 4,096 bytes that KMS hashes itself.
          // https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
          Message: createHash("sha256").update(text).digest(),
          MessageType: "DIGEST",
          SigningAlgorithm: "ECDSA_SHA_256",
        }),
      );
      if (!Signature || !verify("sha256", Buffer.from(text), keyOf(await publicKey()), Signature))
        throw new Error(`KMS answered a signature that ${keyId} did not make. Nothing was sealed.`);
      return Buffer.from(Signature).toString("base64");
    },
  };
}

const keyOf = (der: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
