/**
 * The content encoding `aws-chunked`, in which clients send a body whose checksum follows it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import { AwsError } from "../service.ts";

export interface Unframed {
  readonly bytes: Buffer;
  /** The trailing headers, by lower-case name. */
  readonly trailers: Readonly<Record<string, string>>;
}

const LINE_END = "\r\n";

/** @throws AwsError IncompleteBody for framing that is cut off or wrong */
export function unframed(body: Buffer): Unframed {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf(LINE_END, at);
    const [digits = ""] = body.toString("latin1", at, Math.max(at, end)).split(";");
    if (end < 0 || !/^[\da-f]{1,8}$/i.test(digits)) throw incomplete();
    const size = Number.parseInt(digits, 16);
    at = end + LINE_END.length;
    if (size === 0) return { bytes: Buffer.concat(parts), trailers: trailersIn(body, at) };
    const next = at + size;
    if (body.toString("latin1", next, next + LINE_END.length) !== LINE_END) throw incomplete();
    parts.push(body.subarray(at, next));
    at = next + LINE_END.length;
  }
}

function trailersIn(body: Buffer, from: number): Readonly<Record<string, string>> {
  const lines = body.toString("latin1", from).split(LINE_END);
  return Object.fromEntries(
    lines
      .filter((line) => line.includes(":"))
      .map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
      }),
  );
}

const incomplete = () =>
  new AwsError(
    "IncompleteBody",
    400,
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
  );
