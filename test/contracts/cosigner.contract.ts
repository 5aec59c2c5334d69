import { verify } from "node:crypto";
import { expect, it } from "vitest";
import type { Cosigner } from "../../shared/ports/cosigner.ts";

/** The promises of every Cosigner. */
export function cosignerContract(name: string, make: () => Promise<Cosigner>) {
  it.each([1, 200, 4_096])(
    `${name} signs a text of %d characters as pure Ed25519, so that its public key verifies it`,
    async (length) => {
      const cosigner = await make();
      const text = "x".repeat(length);
      const [key, signature] = [await cosigner.key(), await cosigner.sign(text)];
      expect(key.asymmetricKeyType).toBe("ed25519");
      expect(signature).toHaveLength(64);
      expect(verify(null, Buffer.from(text), key, signature)).toBe(true);
      expect(verify(null, Buffer.from(`${text}.`), key, signature)).toBe(false);
    },
  );
}
