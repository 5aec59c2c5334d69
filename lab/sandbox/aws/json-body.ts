import { AwsError } from "./service.ts";

/**
 * A JSON request body as an object; no bytes are no members.
 * @throws AwsError `SerializationException` 400
 */
export function jsonBody(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new AwsError("SerializationException", 400, "The request body is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new AwsError("SerializationException", 400, "The request body is not a JSON object.");
  return { ...value };
}
