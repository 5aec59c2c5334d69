import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { describe, expect, test } from "vitest";
import { readSignature } from "../../../../lab/sandbox/aws/read-signature.ts";
import type { SignedRequest } from "../../../../lab/sandbox/aws/signed-request.ts";
import { verifySignature } from "../../../../lab/sandbox/aws/verify-signature.ts";

type Data = string | ArrayBuffer | ArrayBufferView;

const bytes = (data: Data): string | Uint8Array => {
  if (typeof data === "string") return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
};

/** The digest that smithy's signer asks for. */
class Sha256 {
  readonly digester: Hash | Hmac;
  constructor(secret?: Data) {
    this.digester =
      secret === undefined ? createHash("sha256") : createHmac("sha256", bytes(secret));
  }
  update(data: Data): void {
    this.digester.update(bytes(data));
  }
  reset(): void {}
  async digest(): Promise<Uint8Array> {
    return this.digester.digest();
  }
}

const NOW = new Date("2026-11-24T10:00:00.000Z");
const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const signer = (service = "eks", sessionToken?: string) =>
  new SignatureV4({
    service,
    region: "us-west-2",
    credentials: {
      accessKeyId: "ASIAEXAMPLE",
      secretAccessKey: SECRET,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    sha256: Sha256,
  });

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function target(path: string, query: Record<string, string | string[] | null> = {}): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values ?? ""]
      .flat()
      .map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

async function signed(
  sent: Sent,
  at = NOW,
  service = "eks",
  token?: string,
): Promise<SignedRequest> {
  const { method = "GET", path = "/", query = {}, headers = {}, body = "" } = sent;
  const request = await signer(service, token).sign(
    {
      method,
      protocol: "http:",
      hostname: "127.0.0.1",
      path,
      query,
      headers: { host: "127.0.0.1:4566", ...headers },
      body,
    },
    { signingDate: at },
  );
  return {
    method,
    target: target(path, query),
    headers: Object.entries(request.headers),
    body: Buffer.from(body),
  };
}

function verified(request: SignedRequest, now = NOW, secret = SECRET) {
  const signature = readSignature(request);
  verifySignature(request, signature, secret, now);
  return signature;
}

const refused = (fault: string, message: RegExp) =>
  expect.objectContaining({ fault, message: expect.stringMatching(message) });
function refusal(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("a signature in the header", () => {
  test.each<[string, Sent]>([
    ["a plain request", {}],
    ["a body", { method: "POST", path: "/clusters", body: '{"name":"ü"}' }],
    [
      "an ARN in a label, percent-encoded",
      {
        path: "/clusters/prod/access-entries/arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fpeople%2Fa",
      },
    ],
    ["a query in any order", { query: { b: "2", a: "1", A: "0" } }],
    ["a repeated query parameter", { query: { tagKeys: ["z", "a", "m"] } }],
    ["an empty query value", { query: { nextToken: "", maxResults: "5" } }],
    ["reserved characters in a query", { query: { filter: "a b+c/d=e&f*'()!~" } }],
    ["a header value with runs of spaces", { headers: { "x-note": "  a   b  " } }],
  ])("A signature in the header is taken for %s", async (_what, sent) => {
    const signature = verified(await signed(sent));
    expect(signature).toMatchObject({
      accessKeyId: "ASIAEXAMPLE",
      service: "eks",
      place: "header",
    });
  });

  test("A signature in the header is taken over a query that leaves out the equals sign of an empty value", async () => {
    const request = await signed({ query: { acl: "" } });
    expect(verified({ ...request, target: "/?acl" }).service).toBe("eks");
  });

  test("A signature in the header is taken over repeated headers, in the order they came", async () => {
    const request = await signed({ headers: { "x-many": "a,b" } });
    const others = request.headers.filter(([name]) => name !== "x-many");
    const split = (first: string, second: string) => ({
      ...request,
      headers: [...others, ["X-Many", first], ["x-many", second]] as const,
    });
    expect(verified(split("a", "b")).service).toBe("eks");
    expect(refusal(() => verified(split("b", "a")))).toEqual(refused("mismatch", /does not match/));
  });

  test("A signature in the header is taken with a session token, which it reads", async () => {
    expect(verified(await signed({}, NOW, "sts", "tok+/=")).sessionToken).toBe("tok+/=");
  });

  test.each<[string, (request: SignedRequest) => SignedRequest]>([
    ["another body", (request) => ({ ...request, body: Buffer.from("{}") })],
    ["another method", (request) => ({ ...request, method: "DELETE" })],
    ["another path", (request) => ({ ...request, target: "/clusters/other" })],
    ["a label decoded on its way", (request) => ({ ...request, target: "/clusters/a/b?x=1" })],
    ["another query", (request) => ({ ...request, target: `${request.target}0` })],
    [
      "another host",
      (request) => ({
        ...request,
        headers: request.headers.map(([name, value]) => [name, name === "host" ? "evil" : value]),
      }),
    ],
    [
      "a plus sign where a space was signed",
      (request) => ({
        ...request,
        target: request.target.replace("%20", "+"),
      }),
    ],
  ])("A signature in the header is refused over %s", async (_what, changed) => {
    const request = await signed({
      method: "POST",
      path: "/clusters/a%2Fb",
      query: { x: "1 2" },
      body: "[]",
    });
    expect(verified(request).service).toBe("eks");
    expect(refusal(() => verified(changed(request)))).toEqual(
      refused("mismatch", /does not match/),
    );
  });

  test("A signature in the header is refused over a body that only x-amz-content-sha256 vouches for", async () => {
    const request = await signed({ method: "POST", body: "{}" });
    const forged = { ...request, body: Buffer.from('{"admin":true}') };
    expect(forged.headers.some(([name]) => name === "x-amz-content-sha256")).toBe(true);
    expect(refusal(() => verified(forged))).toEqual(refused("mismatch", /does not match/));
  });

  test("A signature in the header is refused under another secret", async () => {
    const request = await signed({});
    expect(refusal(() => verified(request, NOW, "other"))).toEqual(
      refused("mismatch", /^The request signature we calculated does not match/),
    );
  });

  test("A signature in the header is refused where the host is not signed", async () => {
    const request = await signed({});
    const without = request.headers.map(([name, value]): [string, string] => [
      name,
      name === "authorization" ? value.replace("SignedHeaders=host;", "SignedHeaders=") : value,
    ]);
    expect(refusal(() => verified({ ...request, headers: without }))).toEqual(
      refused("mismatch", /must be a 'SignedHeader'/),
    );
  });

  test("A signature in the header is good for five minutes in either direction", async () => {
    const request = await signed({});
    const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
    expect(verified(request, at(300)).service).toBe("eks");
    expect(verified(request, at(-300)).service).toBe("eks");
    expect(refusal(() => verified(request, at(301)))).toEqual(
      refused(
        "mismatch",
        /^Signature expired: 20261124T100000Z is now earlier than 20261124T100001Z \(20261124T100501Z - 5 min.\)$/,
      ),
    );
    expect(refusal(() => verified(request, at(-301)))).toEqual(
      refused("mismatch", /^Signature not yet current: 20261124T100000Z is still later than/),
    );
  });
});

describe("an unreadable signature", () => {
  const bare = (...headers: [string, string][]): SignedRequest => ({
    method: "GET",
    target: "/",
    headers,
    body: Buffer.alloc(0),
  });

  test("A request without a signature is refused as unsigned", () => {
    expect(refusal(() => readSignature(bare()))).toEqual(
      refused("missing", /^Missing Authentication Token$/),
    );
  });

  test.each([
    ["Bearer abc", /Unsupported AWS 'algorithm'/],
    [
      "AWS4-HMAC-SHA256 Credential=a/20261124/us-west-2/eks/aws4_request",
      /'Signature', 'SignedHeaders'/,
    ],
    [
      "AWS4-HMAC-SHA256 Credential=a/eks, SignedHeaders=host, Signature=00",
      /5 slash-delimited elements/,
    ],
    [
      "AWS4-HMAC-SHA256 Credential=a/20261124/us-west-2/eks/aws4_request, SignedHeaders=host, Signature=00",
      /X-Amz-Date/,
    ],
  ])("The signature %s is refused as incomplete", (authorization, message) => {
    expect(refusal(() => readSignature(bare(["Authorization", authorization])))).toEqual(
      refused("incomplete", message),
    );
  });
});

describe("a presigned query, as a Kubernetes token carries it", () => {
  async function presigned(
    headers: Record<string, string>,
    token?: string,
  ): Promise<SignedRequest> {
    const request = await signer("sts", token).presign(
      {
        method: "GET",
        protocol: "https:",
        hostname: "sts.us-west-2.amazonaws.com",
        path: "/",
        query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
        headers: { host: "sts.us-west-2.amazonaws.com", ...headers },
      },
      {
        signingDate: NOW,
        expiresIn: 60,
        unhoistableHeaders: new Set(["x-k8s-aws-id"]),
      },
    );
    return {
      method: "GET",
      target: target("/", request.query ?? {}),
      headers: Object.entries(request.headers),
      body: Buffer.alloc(0),
    };
  }

  test("A presigned query is taken for the cluster that was signed, and for no other", async () => {
    const request = await presigned({ "x-k8s-aws-id": "prod" }, "tok+/=");
    expect(verified(request)).toMatchObject({
      place: "query",
      expiresSeconds: 60,
      sessionToken: "tok+/=",
      signedHeaders: ["host", "x-k8s-aws-id"],
    });
    const headers = request.headers.map(([name, value]): [string, string] => [
      name,
      name === "x-k8s-aws-id" ? "staging" : value,
    ]);
    expect(refusal(() => verified({ ...request, headers }))).toEqual(
      refused("mismatch", /does not match/),
    );
  });

  test("A presigned query is good for 15 minutes, whatever its expiry says", async () => {
    const request = await presigned({ "x-k8s-aws-id": "prod" });
    expect(verified(request, new Date("2026-11-24T10:15:00.000Z")).service).toBe("sts");
    expect(refusal(() => verified(request, new Date("2026-11-24T10:15:01.000Z")))).toEqual(
      refused("mismatch", /^Signature expired/),
    );
  });

  test("A presigned query is incomplete without one of its parameters", async () => {
    const request = await presigned({});
    const without = request.target.replace(/X-Amz-Date=[^&]*&/, "");
    expect(refusal(() => readSignature({ ...request, target: without }))).toEqual(
      refused("incomplete", /must include 'X-Amz-Date'/),
    );
  });
});
