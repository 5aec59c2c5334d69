import type { IncomingMessage } from "node:http";

/** More than any emulated service takes: a DynamoDB batch write holds 16 MB. */
const BODY_LIMIT = 20 * 1024 * 1024;

/** Undefined for a body over the limit, and where the client went away while it was still sending. */
export async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of incoming) {
      parts.push(part);
      size += part.length;
      if (size > BODY_LIMIT) return undefined;
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(parts);
}
