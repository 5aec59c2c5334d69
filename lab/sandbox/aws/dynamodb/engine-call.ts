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

/** The engine wants a signature, and verifies none. */
const AUTHORIZATION =
  "AWS4-HMAC-SHA256 Credential=SANDBOX/20260101/us-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0";

/** @param url where the engine listens */
export const engineCalls =
  (url: string): EngineCall =>
  async (operation, input) => {
    const prefix = STREAMS.has(operation) ? "DynamoDBStreams_20120810" : "DynamoDB_20120810";
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `${prefix}.${operation}`,
        authorization: AUTHORIZATION,
      },
      body: JSON.stringify(input),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (response.ok) return answer;
    const { __type: type = "", message, Message } = answer;
    throw new EngineRefusal(String(type).split("#").at(-1) ?? "", String(message ?? Message));
  };
