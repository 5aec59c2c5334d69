import { beforeEach, describe, expect, it } from "vitest";
import { type EksFixture, eksWithClusters } from "./eks-fixture.ts";

const principal = (at: number): string =>
  `arn:aws:iam::999988887777:role/guest-${String(at).padStart(3, "0")}`;

let fixture: EksFixture;
beforeEach(async () => {
  fixture = await eksWithClusters();
  for (let at = 0; at < 105; at += 1) {
    await fixture.call("CreateAccessEntry", { clusterName: "prod", principalArn: principal(at) });
  }
});

const list = (input: Record<string, unknown>) =>
  fixture.call("ListAccessEntries", { clusterName: "prod", ...input });

describe("A list", () => {
  it("A list gives a hundred, and the rest by the token", async () => {
    const first = await list({});
    expect(first["accessEntries"]).toHaveLength(100);
    expect(await list({ nextToken: first["nextToken"] })).toEqual({
      accessEntries: [100, 101, 102, 103, 104].map(principal),
      nextToken: null,
    });
  });

  it("A list gives each once by pages of any size, the last of them full", async () => {
    const seen: unknown[] = [];
    let nextToken: unknown;
    let pages = 0;
    do {
      const answer = await list({ maxResults: 35, nextToken });
      seen.push(...(answer["accessEntries"] as unknown[]));
      nextToken = answer["nextToken"];
      pages += 1;
    } while (nextToken !== null);
    expect(seen).toEqual(Array.from({ length: 105 }, (_, at) => principal(at)));
    expect(pages).toBe(3);
  });

  it("A list neither repeats nor skips when entries go between two pages", async () => {
    const { nextToken } = await list({ maxResults: 2 });
    for (const at of [0, 1]) {
      await fixture.call("DeleteAccessEntry", { clusterName: "prod", principalArn: principal(at) });
    }
    expect(await list({ maxResults: 2, nextToken })).toMatchObject({
      accessEntries: [principal(2), principal(3)],
    });
  });

  it.each([0, 101, -1, 1.5])("A list refuses pages of %d", async (maxResults) => {
    const refusal = await fixture.refusal("ListAccessEntries", { clusterName: "prod", maxResults });
    expect(refusal.slice(0, 2)).toEqual(["InvalidParameterException", 400]);
  });

  it("A list refuses a token of another list, and one of nobody's making", async () => {
    const { nextToken } = await list({ maxResults: 1 });
    for (const input of [
      { clusterName: "mixed", nextToken },
      { clusterName: "prod", associatedPolicyArn: "arn:aws:eks::aws:x", nextToken },
      { clusterName: "prod", nextToken: "nonsense" },
      { clusterName: "prod", nextToken: "" },
      { clusterName: "prod", nextToken: Buffer.from('["x"]').toString("base64url") },
    ]) {
      expect(await fixture.refusal("ListAccessEntries", input)).toEqual([
        "InvalidParameterException",
        400,
        "The specified nextToken is invalid",
      ]);
    }
  });
});
