/** A person of the sandbox who calls the broker's API with their own keys, whatever is answered. */
import { AwsClient } from "aws4fetch";
import { callerKeys } from "../../../test/e2e/caller-keys.ts";
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";

/** The result of a call: a refusal is an answer too. */
export interface Answer {
  /** Absent where nothing answered. */
  readonly status?: number;
  /** The line for the report: the problem's type, or the reason that there was no answer. */
  readonly text: string;
  /** The body as JSON; undefined without a body. */
  readonly body?: unknown;
}

/** API Gateway gives a function thirty seconds. */
const PATIENCE_MS = 30_000;

const textOf = (status: number, body: unknown): string => {
  const type = (body as { readonly type?: unknown } | undefined)?.type;
  return typeof type === "string" && status >= 400
    ? `${status} ${type.replace("urn:timelatch:problem:", "")}`
    : String(status);
};

/** @param path of the API, such as `/v1/requests` */
export async function callApi(
  sandbox: SandboxAddresses,
  person: string,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  try {
    const keys = await callerKeys(sandbox, person);
    const client = new AwsClient({
      ...keys,
      service: "execute-api",
      region: "us-west-2",
      retries: 0,
    });
    const response = await client.fetch(`${sandbox.apiUrl}${path}`, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body ? { body: JSON.stringify(body) } : {}),
      headers: { "content-type": "application/json" },
    });
    const text = await response.text();
    const read = text === "" ? undefined : (JSON.parse(text) as unknown);
    return { status: response.status, text: textOf(response.status, read), body: read };
  } catch (error) {
    return { text: `no answer (${reasonOf(error)})` };
  }
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
