import type { IncomingMessage } from "node:http";

/** The bytes of a request's or an answer's body. As JSON, which logs write, only their number. */
export class BodyBytes {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  toJSON(): string {
    return `${this.bytes.length} bytes`;
  }
}

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
