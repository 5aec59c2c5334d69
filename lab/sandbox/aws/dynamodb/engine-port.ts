/** The wire to DynamoDB Local, which has a region and an account of its own. */
import http from "node:http";
import type { SignedRequest } from "../signed-request.ts";
import type { Answer } from "../wire.ts";
import { type EngineAddress, engineAddress } from "./engine-call.ts";
import { arnsOf, type Place } from "./table-names.ts";

/** The region and account that DynamoDB Local puts into every ARN. */
const ENGINE_ARN = "arn:aws:dynamodb:ddblocal:000000000000:";
const ENGINE_REGION = '"awsRegion":"ddblocal"';
/** Operations that carry ARNs, a shard iterator's among them; the others carry people's data. */
const WITH_ARNS = new Set([
  "DescribeTable",
  "DescribeStream",
  "GetRecords",
  "GetShardIterator",
  "ListStreams",
]);
const NOT_PASSED_ON = new Set(["host", "connection", "content-length", "accept-encoding"]);

/** The engine's ARNs in a text, as the account's. */
export const asAccounts = (place: Place, text: string): string =>
  text
    .replaceAll(ENGINE_ARN, arnsOf(place))
    .replaceAll(ENGINE_REGION, `"awsRegion":"${place.region}"`);

/** Passes a call on, and its answer back. */
export type Pass = (
  operation: string,
  request: SignedRequest,
  requestId: string,
) => Promise<Answer>;

export function passTo(engineUrl: string, place: Place): Pass {
  const agent = new http.Agent({ keepAlive: true });
  const engine = engineAddress(engineUrl);
  return async (operation, request, requestId) => {
    const arns = WITH_ARNS.has(operation);
    const body = arns
      ? Buffer.from(request.body.toString("utf8").replaceAll(arnsOf(place), ENGINE_ARN), "utf8")
      : request.body;
    const answer = await ask(engine, agent, { ...request, body });
    const { "x-amz-crc32": checksum, ...headers } = answer.headers;
    return {
      status: answer.status,
      headers: {
        ...headers,
        ...(arns || checksum === undefined ? {} : { "x-amz-crc32": checksum }),
        "x-amzn-requestid": requestId,
      },
      body: arns ? asAccounts(place, answer.body.toString("utf8")) : answer.body,
    };
  };
}

function ask(
  { origin, authorization }: EngineAddress,
  agent: http.Agent,
  request: SignedRequest,
): Promise<Answer & { readonly body: Buffer }> {
  const headers: Record<string, string> = {};
  for (const [name, value] of request.headers)
    if (!NOT_PASSED_ON.has(name.toLowerCase())) headers[name.toLowerCase()] = value;
  Object.assign(headers, { authorization, "content-length": String(request.body.length) });
  return new Promise((done, refuse) => {
    const outgoing = http.request(
      new URL(request.target, origin),
      { method: request.method, headers, agent },
      async (response) => {
        try {
          const parts: Buffer[] = [];
          for await (const part of response) parts.push(part);
          done({
            status: response.statusCode ?? 502,
            headers: passedBack(response.headers),
            body: Buffer.concat(parts),
          });
        } catch (error) {
          refuse(error);
        }
      },
    );
    outgoing.once("error", refuse);
    outgoing.end(request.body);
  });
}

function passedBack(headers: http.IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ["content-type", "x-amz-crc32"]) {
    const value = headers[name];
    if (typeof value === "string") kept[name] = value;
  }
  return kept;
}
