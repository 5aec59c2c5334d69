import { createHash } from "node:crypto";
import type { MessageAttributes } from "./state.ts";

/** `MD5OfBody`: hex MD5 of the body's UTF-8 bytes. */
export function md5OfBody(body: string): string {
  return createHash("md5").update(body, "utf8").digest("hex");
}

/**
 * `MD5OfMessageAttributes`; undefined without attributes. Clients compare it with their own.
 *
 * The digest is over the attributes in order of their names. Each is the name, the data type, one
 * byte for the transport type (1 string, 2 binary), and the value. Before the bytes of all but the
 * transport type goes their length, in 4 bytes, big-endian. Source: SQS Developer Guide,
 * "Calculating the MD5 message digest for message attributes".
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const chunk = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    const binary = attribute.DataType.startsWith("Binary");
    chunk(Buffer.from(name, "utf8"));
    chunk(Buffer.from(attribute.DataType, "utf8"));
    hash.update(Buffer.from([binary ? 2 : 1]));
    chunk(
      binary
        ? Buffer.from(attribute.BinaryValue ?? "", "base64")
        : Buffer.from(attribute.StringValue ?? "", "utf8"),
    );
  }
  return hash.digest("hex");
}
