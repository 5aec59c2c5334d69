import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, it } from "vitest";
import { tableClient } from "../../../../shared/aws/dynamodb/table-client.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** The result of a read from a table that answers like this. @param requestTimeout in milliseconds */
async function readFrom(
  answer: (response: ServerResponse) => void,
  requestTimeout = 60_000,
): Promise<unknown> {
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = tableClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-west-2",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });
  const read = client.send(new GetCommand({ TableName: "t", Key: { pk: "a", sk: "b" } }));
  return read.catch((error: unknown) => error);
}

const refusal = (status: number, type: string) => (response: ServerResponse) => {
  response.statusCode = status;
  response.setHeader("content-type", "application/x-amz-json-1.0");
  response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}` }));
};

describe("The client of the tables", () => {
  it.each<[string, (response: ServerResponse) => void, number?]>([
    ["throttles", refusal(400, "ThrottlingException")],
    ["throttles a partition", refusal(400, "ProvisionedThroughputExceededException")],
    ["has too many calls of the account", refusal(400, "RequestLimitExceeded")],
    ["has an internal error", refusal(500, "InternalServerError")],
    ["is down", refusal(503, "ServiceUnavailable")],
    ["hangs up", (response: ServerResponse) => response.destroy()],
    ["does not answer", () => undefined, 200],
  ])("A read fails as dependency-unavailable if the table %s", async (_what, answer, timeout?) => {
    expect(await readFrom(answer, timeout)).toMatchObject({
      name: "BrokerError",
      code: "dependency-unavailable",
    });
  });

  it.each(["ValidationException", "ConditionalCheckFailedException", "AccessDeniedException"])(
    "The error %s is passed on unchanged",
    async (name) => {
      expect(await readFrom(refusal(400, name))).toMatchObject({ name });
    },
  );

  it("A read returns the table's answer", async () => {
    const item = { Item: { pk: { S: "a" }, n: { N: "1" } } };
    const answer = await readFrom((response) => {
      response.setHeader("content-type", "application/x-amz-json-1.0");
      response.end(JSON.stringify(item));
    });
    expect(answer).toMatchObject({ Item: { pk: "a", n: 1 } });
  });
});
