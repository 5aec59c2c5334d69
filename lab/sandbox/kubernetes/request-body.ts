/** Bodies of requests, in the encodings that the API server takes. */
import { parse } from "yaml";
import { PATCH_TYPES } from "./patch.ts";
import { decodeProtobuf } from "./protobuf.ts";
import { StatusError } from "./status.ts";

/** The largest body that the API server takes (3 MiB: k8s.io/apiserver `MaxRequestBodyBytes`). */
export const MAXIMUM_BODY_BYTES = 3 * 1024 * 1024;

const DECODERS: Readonly<Record<string, (body: Buffer) => unknown>> = {
  "application/json": (body) => JSON.parse(body.toString()),
  "application/yaml": (body) => parse(body.toString()),
  "application/vnd.kubernetes.protobuf": decodeProtobuf,
};

/** The media type that a header names, in lower case; JSON without a header. */
export const mediaTypeOf = (contentType: string): string =>
  contentType.split(";")[0]?.trim().toLowerCase() || "application/json";

/** Patches come in types of their own; their bodies are JSON. */
const PATCH_DECODERS: typeof DECODERS = Object.fromEntries(
  Object.keys(PATCH_TYPES).map((type) => [type, (body) => JSON.parse(body.toString())]),
);

/**
 * The value in a body; undefined for an empty one. Throws 400 for a malformed body, 415 for another
 * media type.
 * @param verb `patch` takes only the media types of patches, every other verb those of objects
 */
export function decodeBody(verb: string, contentType: string, body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const decoders = verb === "patch" ? PATCH_DECODERS : DECODERS;
  const mediaType = mediaTypeOf(contentType);
  const decode = decoders[mediaType];
  if (decode === undefined) {
    throw new StatusError(
      415,
      `the body of the request was in an unknown format - accepted media types include: ${Object.keys(decoders).join(", ")}`,
    );
  }
  try {
    return decode(body);
  } catch (error) {
    if (error instanceof StatusError) throw error;
    throw new StatusError(
      400,
      `the body of the request is not valid ${mediaType}: ${String(error)}`,
    );
  }
}
