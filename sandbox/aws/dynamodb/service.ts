import http from "node:http";
import type { ForwardedService } from "../forwarded-service.ts";
import type { SignedRequest } from "../signed-request.ts";
import type { Answer } from "../wire.ts";
import { engineClient } from "./create-table.ts";
import { partitionKeysFrom } from "./key-schemas.ts";
import { OPERATIONS, type Place, permissionsOf } from "./permissions.ts";
import { transactionConflict } from "./transaction-conflict.ts";

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

/** Amazon DynamoDB and DynamoDB Streams: DynamoDB Local behind the port's signatures and policies. */
export function dynamoDbService(engineUrl: string, place: Place): ForwardedService {
  const partitionKeysOf = partitionKeysFrom(engineClient(engineUrl, place.region));
  const accountArn = arnsOf(place);
  return {
    name: "dynamodb",
    protocol: {
      kind: "json",
      version: "1.0",
      targetPrefixes: ["DynamoDB_20120810.", "DynamoDBStreams_20120810."],
      queryError: false,
      errorNamespace: "com.amazonaws.dynamodb.v20120810#",
    },
    throttled: [
      "ProvisionedThroughputExceededException",
      400,
      "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
    ],
    conflict: transactionConflict,
    operations: OPERATIONS,
    permissions: async (operation, input) => {
      const checks = await permissionsOf(operation, input, place, partitionKeysOf);
      return checks.map((check) => ({
        ...check,
        resource: check.resource.replace(ENGINE_ARN, accountArn),
      }));
    },
    forward: forwarderTo(engineUrl, place),
  };
}

/** How the account's ARNs of tables begin. */
const arnsOf = ({ region, account }: Place) => `arn:aws:dynamodb:${region}:${account}:`;

/** Passes calls on to the engine, which has a region and an account of its own. */
function forwarderTo(engineUrl: string, place: Place): ForwardedService["forward"] {
  const agent = new http.Agent({ keepAlive: true });
  const accountArn = arnsOf(place);
  return async (operation, request, requestId) => {
    const arns = WITH_ARNS.has(operation);
    const body = arns ? renamed(request.body, accountArn, ENGINE_ARN) : request.body;
    const answer = await ask(engineUrl, agent, { ...request, body });
    const { "x-amz-crc32": checksum, ...headers } = answer.headers;
    return {
      status: answer.status,
      headers: {
        ...headers,
        ...(arns || checksum === undefined ? {} : { "x-amz-crc32": checksum }),
        "x-amzn-requestid": requestId,
      },
      body: arns
        ? renamed(
            renamed(answer.body, ENGINE_ARN, accountArn),
            ENGINE_REGION,
            `"awsRegion":"${place.region}"`,
          )
        : answer.body,
    };
  };
}

function renamed(body: Buffer, from: string, to: string): Buffer {
  return Buffer.from(body.toString("utf8").replaceAll(from, to), "utf8");
}

function ask(
  engineUrl: string,
  agent: http.Agent,
  request: SignedRequest,
): Promise<Answer & { readonly body: Buffer }> {
  const headers: Record<string, string> = { "content-length": String(request.body.length) };
  for (const [name, value] of request.headers)
    if (!NOT_PASSED_ON.has(name.toLowerCase())) headers[name.toLowerCase()] = value;
  return new Promise((done, refuse) => {
    const outgoing = http.request(
      new URL(request.target, engineUrl),
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
