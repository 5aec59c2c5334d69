import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type * as z from "zod/mini";
import { BrokerError } from "../../domain/values/errors.ts";
import { parseStrictJson, StrictJsonError } from "../../domain/values/strict-json.ts";
import type { Fault } from "../contract/answers.ts";
import { bodyFaults } from "../contract/body-faults.ts";

const LARGEST_BYTES = 16 * 1024;
const DEEPEST = 8;
/** The most faults in an answer, which keeps it small and readable. */
const MOST_FAULTS = 20;

/**
 * Reads a JSON body and checks it against a schema. Checks type, size, encoding, JSON, depth and
 * members in this order, the cheapest first.
 *
 * @throws BrokerError `unsupported-media-type`, `body-too-large`, `malformed-request`,
 *   `invalid-request` with RFC 6901 pointers in `errors`
 */
export function parseBody<T extends z.ZodMiniType>(
  schema: T,
  event: Pick<APIGatewayProxyEventV2, "body" | "headers" | "isBase64Encoded">,
): z.output<T> {
  const type = event.headers["content-type"] ?? "";
  if (!/^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type))
    throw new BrokerError(
      "unsupported-media-type",
      "The Content-Type is not application/json. Nothing was done; send the body with that Content-Type.",
    );
  const bytes = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > LARGEST_BYTES)
    throw new BrokerError(
      "body-too-large",
      `The body has ${bytes.length} bytes; at most ${LARGEST_BYTES} are allowed. Nothing was done; shorten it.`,
    );
  const checked = schema.safeParse(jsonOf(bytes));
  if (checked.success) return checked.data;
  throw invalid(bodyFaults(checked.error).slice(0, MOST_FAULTS));
}

const invalid = (errors: readonly Fault[], cause?: unknown) =>
  new BrokerError(
    "invalid-request",
    "The body does not match its schema. Nothing was done; correct what `errors` names.",
    { errors },
    { cause },
  );

const malformed = (cause: unknown) =>
  new BrokerError(
    "malformed-request",
    "The body is not valid JSON in UTF-8. Nothing was done; correct it, or send {}.",
    {},
    { cause },
  );

function jsonOf(bytes: Buffer): unknown {
  const text = textOf(bytes);
  try {
    return parseStrictJson(text, DEEPEST);
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    if (error.kind === "not-json") throw malformed(error);
    if (error.kind === "not-strict") throw invalid(error.faults, error);
    const detail = `The body is nested deeper than ${DEEPEST} levels.`;
    throw invalid([{ pointer: "", detail }], error);
  }
}

/** The character that a decoder writes in place of bytes that are not UTF-8. */
const REPLACED = "\ufffd";

/**
 * A byte order mark is kept, and therefore refused: RFC 8259 forbids to send one. API Gateway
 * decodes texts before a function sees them, so broken bytes arrive as the replacement character.
 */
function textOf(bytes: Buffer): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw malformed(cause);
  }
  if (text.includes(REPLACED)) throw malformed(undefined);
  return text;
}
