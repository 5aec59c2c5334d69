import { describe, expect, it } from "vitest";
import { mintToken } from "../../../../lab/sandbox/demo/kubernetes-token.ts";
import { decodeToken, tokenVerifier } from "../../../../lab/sandbox/kubernetes/token.ts";
import { credential, iamStore, role } from "../aws/iam-world.ts";

const alice = role("alice", { path: "/people/" });
const PLACE = { cluster: "prod", stsUrl: "http://127.0.0.1:4566", region: "us-west-2" };

const verify = (token: string, cluster: string) =>
  tokenVerifier(iamStore(alice), () => new Date())(token, cluster);

describe("a token that the demo makes", () => {
  it("The demo's token is a presigned GetCallerIdentity at the sandbox's STS, with the cluster's name signed", async () => {
    const token = await mintToken(credential(alice), PLACE);
    const request = decodeToken(token, "prod", new Date());
    expect(request?.headers).toEqual([
      ["host", "127.0.0.1:4566"],
      ["x-k8s-aws-id", "prod"],
    ]);
    const query = new URLSearchParams(request?.target.slice(2));
    expect(query.get("X-Amz-Expires")).toBe("60");
    expect(query.get("X-Amz-SignedHeaders")).toBe("host;x-k8s-aws-id");
  });

  it("The demo's token is accepted by its own cluster and refused by another", async () => {
    const token = await mintToken(credential(alice), PLACE);
    expect(verify(token, "prod")).toMatchObject({
      arn: "arn:aws:sts::111122223333:assumed-role/alice/session",
    });
    expect(verify(token, "staging")).toBeUndefined();
  });

  it("The demo's token is refused when it is signed with another secret", async () => {
    const token = await mintToken({ ...credential(alice), secretAccessKey: "guessed" }, PLACE);
    expect(verify(token, "prod")).toBeUndefined();
  });
});
