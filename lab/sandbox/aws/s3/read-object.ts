import { BodyBytes } from "../body-bytes.ts";
import type { Caller } from "../service.ts";
import type { S3Context } from "./context.ts";
import { getObject } from "./get-object.ts";

/** The object's place, and its reader. */
export interface ObjectReading {
  readonly bucket: string;
  readonly key: string;
  readonly caller: Caller;
  readonly now: Date;
}

/** The text of an object, for a service that reads it as its own caller. @throws AwsError as S3 refuses */
export async function readObject(
  context: S3Context,
  { bucket, key, caller, now }: ObjectReading,
): Promise<string> {
  const input = { bucket, key, query: {}, headers: {}, body: new BodyBytes(Buffer.alloc(0)) };
  const call = { operation: "GetObject", input, caller, requestId: "", now };
  const { body } = await getObject(context, call);
  return typeof body === "string" ? body : (body?.bytes.toString("utf8") ?? "");
}
