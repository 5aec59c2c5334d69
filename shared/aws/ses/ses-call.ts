/** One call of `SendEmail` of SES's API v2. The SDK's client would add a tenth to notify's bundle. */
import { AwsV4Signer } from "aws4fetch";

/** Credentials of the function's role, as the SDK's clients have them. */
interface SesCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SesCallOptions {
  readonly credentials: () => Promise<SesCredentials>;
  readonly region: () => Promise<string>;
  /** Set where all of AWS is one address, such as the sandbox's. */
  readonly endpoint?: string | undefined;
  readonly fetch?: typeof fetch;
  /** How long to wait for an answer; four seconds unless set. */
  readonly timeoutMs?: number;
}

/** An answer of SES. Undefined where it gave none, and the message may have been sent. */
export interface SesAnswer {
  readonly status: number;
  /** The exception's name, such as `MessageRejected`; empty of a success. */
  readonly error: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export type SesCall = (message: object) => Promise<SesAnswer | undefined>;

const TIMEOUT_MS = 4_000;

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html */
const PATH = "/v2/email/outbound-emails";

/**
 * Makes each call once: SES takes no token that would make a repetition harmless. It throws where the
 * call was not made.
 */
export function sesCall(options: SesCallOptions): SesCall {
  const { credentials, region, endpoint, fetch: send = fetch, timeoutMs = TIMEOUT_MS } = options;
  return async (message) => {
    const place = await region();
    const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
    const signer = new AwsV4Signer({
      accessKeyId,
      secretAccessKey,
      method: "POST",
      service: "ses",
      region: place,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      url: `${endpoint ?? `https://email.${place}.amazonaws.com`}${PATH}`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
    });
    const { url, method, headers, body } = await signer.sign();
    return await answered(() =>
      send(url, {
        method,
        headers,
        body: body ?? null,
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      }),
    );
  };
}

/** Why there is no answer is not kept: an error may quote the call, and with it an address. */
async function answered(send: () => Promise<Response>): Promise<SesAnswer | undefined> {
  try {
    const response = await send();
    const body = objectIn(await response.text());
    return { status: response.status, error: errorIn(response, body), body };
  } catch {
    return undefined;
  }
}

/** https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization */
function errorIn(response: Response, body: SesAnswer["body"]): string {
  if (response.ok) return "";
  const named = response.headers.get("x-amzn-errortype") ?? body["__type"] ?? body["code"];
  return /(?:^|#)([A-Za-z]{1,80})(?::|$)/.exec(String(named))?.[1] ?? "";
}

function objectIn(text: string): SesAnswer["body"] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as SesAnswer["body"]) : {};
  } catch {
    return {};
  }
}
