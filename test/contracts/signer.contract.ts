import { createHash, type KeyObject, verify } from "node:crypto";
import { expect, it } from "vitest";
import type { Signer } from "../../shared/ports/signer.ts";

export interface SignerUnderTest {
  readonly signer: Signer;
  readonly publicKey: KeyObject;
}

/** The promises of every Signer. */
export function signerContract(name: string, make: () => Promise<SignerUnderTest>) {
  it(`${name} names its key by the SHA-256 of the public key`, async () => {
    const { signer, publicKey } = await make();
    const spki = publicKey.export({ type: "spki", format: "der" });
    expect((await signer.key()).fingerprint).toBe(createHash("sha256").update(spki).digest("hex"));
  });

  it.each([0, 1, 4_096, 100_000])(
    `${name} signs a text of %d characters so that the public key verifies it, and no other text`,
    async (length) => {
      const { signer, publicKey } = await make();
      const text = "ü".repeat(length);
      const signature = Buffer.from(await signer.sign(text), "base64");
      expect(verify("sha256", Buffer.from(text), publicKey, signature)).toBe(true);
      expect(verify("sha256", Buffer.from(`${text}.`), publicKey, signature)).toBe(false);
      const { verifySignature } = await signer.key();
      expect(verifySignature(text, signature.toString("base64"))).toBe(true);
      expect(verifySignature(`${text}.`, signature.toString("base64"))).toBe(false);
      expect(verifySignature(text, "none")).toBe(false);
    },
  );
}
