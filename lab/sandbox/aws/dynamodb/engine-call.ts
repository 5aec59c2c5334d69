/** A call of DynamoDB Local itself, past the port, with its JSON as it comes. */
export type EngineCall = (operation: string, input: object) => Promise<Record<string, unknown>>;

/** The engine refused a call. */
export class EngineRefusal extends Error {
  override readonly name = "EngineRefusal";
  /** DynamoDB's name of the error. */
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

const STREAMS = new Set(["DescribeStream", "GetRecords", "GetShardIterator"]);

/** An engine that several sandboxes share keeps the tables of each access key and region apart. */
export interface EngineAddress {
  /** Without the access key. */
  readonly origin: string;
  readonly accessKeyId: string;
  /** The engine wants a signature, and verifies none. */
  readonly authorization: string;
}

/** @param url where the engine listens; its user name is the access key, `SANDBOX` where it has no user name */
export function engineAddress(url: string): EngineAddress {
  const { origin, username } = new URL(url);
  const accessKeyId = username || "SANDBOX";
  const scope = `${accessKeyId}/20260101/us-west-2/dynamodb/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  return { origin, accessKeyId, authorization };
}

/** @param url as `engineAddress` takes it */
export const engineCalls = (url: string): EngineCall => {
  const { origin, authorization } = engineAddress(url);
  return async (operation, input) => {
    const prefix = STREAMS.has(operation) ? "DynamoDBStreams_20120810" : "DynamoDB_20120810";
    const response = await fetch(origin, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `${prefix}.${operation}`,
        authorization,
      },
      body: JSON.stringify(input),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (response.ok) return answer;
    const { __type: type = "", message, Message } = answer;
    throw new EngineRefusal(String(type).split("#").at(-1) ?? "", String(message ?? Message));
  };
};
