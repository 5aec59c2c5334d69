import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type * as z from "zod/mini";
import { BrokerError } from "../domain/errors.ts";

const LARGEST_BYTES = 16 * 1024;
const DEEPEST = 8;

/**
 * Reads a JSON body and checks it against a schema. Size, type and encoding are looked at before
 * anything is parsed.
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
      "Send the body as application/json. Nothing was done.",
    );
  const bytes = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > LARGEST_BYTES)
    throw new BrokerError(
      "body-too-large",
      `The body has ${bytes.length} bytes, and may have ${LARGEST_BYTES}. Nothing was done.`,
    );
  const json = parseJson(bytes);
  if (depthOf(json) > DEEPEST)
    throw new BrokerError("invalid-request", `The body is nested deeper than ${DEEPEST} levels.`);
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new BrokerError("invalid-request", "See `errors`. Nothing was done.", {
    errors: parsed.error.issues.flatMap(faultsOf),
  });
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new BrokerError(
      "malformed-request",
      "The body is not valid JSON in UTF-8. Nothing was done.",
      {},
      { cause },
    );
  }
}

function depthOf(value: unknown, limit = DEEPEST + 1): number {
  if (typeof value !== "object" || value === null || limit === 0) return 0;
  return 1 + Math.max(0, ...Object.values(value).map((inner) => depthOf(inner, limit - 1)));
}

function faultsOf(issue: z.core.$ZodIssue): readonly { pointer: string; detail: string }[] {
  const at = (path: readonly PropertyKey[]) =>
    path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      pointer: at([...issue.path, key]),
      detail: "There is no such member; leave it out.",
    }));
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    // The branch that came closest tells most: the one whose faults lie deepest.
    const depth = (issues: readonly z.core.$ZodIssue[]) =>
      Math.max(0, ...issues.map(({ path }) => path.length));
    const closest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
    return closest.flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [{ pointer: at(issue.path), detail: issue.message }];
}
