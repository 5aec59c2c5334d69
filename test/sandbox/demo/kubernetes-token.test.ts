import { describe, expect, it } from "vitest";
import { mintToken } from "../../../sandbox/demo/kubernetes-token.ts";
import { decodeToken, tokenVerifier } from "../../../sandbox/kubernetes/token.ts";
import { credential, iamStore, role } from "../aws/iam-world.ts";

const alice = role("alice", { path: "/people/" });
const PLACE = { cluster: "prod", stsUrl: "http://127.0.0.1:4566", region: "us-west-2" };

const verify = (token: string, cluster: string) =>
  tokenVerifier(iamStore(alice), () => new Date())(token, cluster);

describe("a minted token", () => {
  it("has the form that the cluster asks for: its own STS, and the cluster under the signature", async () => {
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

  it("proves its keys' session, in its own cluster alone", async () => {
    const token = await mintToken(credential(alice), PLACE);
    expect(verify(token, "prod")).toMatchObject({
      arn: "arn:aws:sts::111122223333:assumed-role/alice/session",
    });
    expect(verify(token, "staging")).toBeUndefined();
  });

  it("proves nobody where the secret is another", async () => {
    const token = await mintToken({ ...credential(alice), secretAccessKey: "guessed" }, PLACE);
    expect(verify(token, "prod")).toBeUndefined();
  });
});
