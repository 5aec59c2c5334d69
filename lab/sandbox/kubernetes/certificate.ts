/** The TLS certificate of the clusters' addresses: its own authority, only for this machine. */
import { generate } from "selfsigned";

/** PEM texts. Keep them with the sandbox's state: kubeconfigs pin the certificate. */
export interface Certificate {
  /** Also the certificate authority that clients trust. */
  readonly certificate: string;
  readonly privateKey: string;
}

/** Node's and Go's clients refuse far longer lives in other places; ten years outlast a checkout. */
const LIFETIME_YEARS = 10;

/** A new key and its certificate, valid for 127.0.0.1 and localhost from `now` on. */
export async function newCertificate(now: Date): Promise<Certificate> {
  const notAfterDate = new Date(now);
  notAfterDate.setUTCFullYear(now.getUTCFullYear() + LIFETIME_YEARS);
  const made = await generate([{ name: "commonName", value: "timelatch sandbox" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: now,
    notAfterDate,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 7, ip: "127.0.0.1" },
          { type: 2, value: "localhost" },
        ],
      },
    ],
  });
  return { certificate: made.cert, privateKey: made.private };
}
