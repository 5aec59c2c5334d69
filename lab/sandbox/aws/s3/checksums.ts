/** The checksums of objects. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { badDigest, invalidRequest, notEmulated } from "./errors.ts";

const HEADER = "x-amz-checksum-";

/** The table of a CRC that works from the least bit on. */
function crcTable(polynomial: bigint): readonly bigint[] {
  return Array.from({ length: 256 }, (_, byte) => {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1)
      value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    return value;
  });
}

function crc(bytes: Buffer, table: readonly bigint[], mask: bigint): bigint {
  let value = mask;
  for (const byte of bytes)
    value = (table[Number((value ^ BigInt(byte)) & 0xffn)] ?? 0n) ^ (value >> 8n);
  return value ^ mask;
}

const CRC32C = crcTable(0x82f63b78n);
const CRC64NVME = crcTable(0x9a6c9329ac4bc9b5n);

const bigEndian = (value: bigint, digits: number) =>
  Buffer.from(value.toString(16).padStart(digits, "0"), "hex");

const ALGORITHMS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  crc32: (bytes) => bigEndian(BigInt(crc32(bytes)), 8),
  crc32c: (bytes) => bigEndian(crc(bytes, CRC32C, 0xffffffffn), 8),
  crc64nvme: (bytes) => bigEndian(crc(bytes, CRC64NVME, 0xffffffffffffffffn), 16),
  sha1: (bytes) => createHash("sha1").update(bytes).digest(),
  sha256: (bytes) => createHash("sha256").update(bytes).digest(),
};

/**
 * The checksum that a request gives, as the header that is kept and answered. Without one S3
 * calculates a CRC64NVME of its own.
 * @throws AwsError BadDigest where it is not that of the bytes, InvalidRequest for two of them
 */
export function checkedChecksum(
  headers: Readonly<Record<string, string>>,
  bytes: Buffer,
): Readonly<Record<string, string>> {
  const given = givenChecksums(headers);
  if (given.length > 1)
    throw invalidRequest(
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  const [name, value] = given[0] ?? ["crc64nvme", undefined];
  const calculated = ALGORITHMS[name]?.(bytes).toString("base64") ?? "";
  if (value !== undefined && value !== calculated) throw badDigest(name.toUpperCase());
  return { [`${HEADER}${name}`]: calculated, [`${HEADER}type`]: "FULL_OBJECT" };
}

/** @throws AwsError BadDigest, InvalidDigest */
export function checkMd5(headers: Readonly<Record<string, string>>, bytes: Buffer): void {
  const given = headers["content-md5"];
  if (given === undefined) return;
  if (given !== createHash("md5").update(bytes).digest("base64")) throw badDigest("Content-MD5");
}

/** Whether the request vouches for its body, as Object Lock requires. */
export const hasChecksum = (headers: Readonly<Record<string, string>>): boolean =>
  headers["content-md5"] !== undefined || givenChecksums(headers).length > 0;

/** Headers of the same beginning that are no checksums. */
const NO_CHECKSUM = new Set([`${HEADER}mode`, `${HEADER}type`]);

/** @throws AwsError NotImplemented for an algorithm that is not emulated */
const givenChecksums = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).flatMap(([name, value]): (readonly [string, string])[] => {
    if (!name.startsWith(HEADER) || NO_CHECKSUM.has(name)) return [];
    const algorithm = name.slice(HEADER.length);
    if (!Object.hasOwn(ALGORITHMS, algorithm)) throw notEmulated(`the header ${name}`);
    return [[algorithm, value]];
  });
