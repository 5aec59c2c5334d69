import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, type EksFixture, eksWithClusters } from "./eks-fixture.ts";

const CLUSTER = "arn:aws:eks:us-west-2:111122223333:cluster/prod";

let fixture: EksFixture;
let entryArn: string;
beforeEach(async () => {
  fixture = await eksWithClusters();
  await fixture.call("CreateAccessEntry", {
    clusterName: "prod",
    principalArn: ALICE,
    tags: { a: "1", b: "2" },
  });
  entryArn = String((await fixture.entryOf("prod", ALICE))["accessEntryArn"]);
});

const tagsOf = async (resourceArn: string) =>
  (await fixture.call("ListTagsForResource", { resourceArn }))["tags"];

describe("The tags of an access entry", () => {
  it("The tags of an access entry are added, replaced and removed", async () => {
    const resourceArn = entryArn;
    await fixture.call("TagResource", { resourceArn, tags: { b: "3", c: "4" } });
    expect(await tagsOf(entryArn)).toEqual({ a: "1", b: "3", c: "4" });
    await fixture.call("UntagResource", { resourceArn, tagKeys: ["a", "absent"] });
    expect(await fixture.entryOf("prod", ALICE)).toMatchObject({ tags: { b: "3", c: "4" } });
  });

  it("A resource never has more than fifty tags", async () => {
    const tags = Object.fromEntries(Array.from({ length: 49 }, (_, at) => [`k${at}`, ""]));
    expect(await fixture.refusal("TagResource", { resourceArn: entryArn, tags })).toEqual([
      "BadRequestException",
      400,
      "A resource can have at most 50 tags",
    ]);
    expect(await tagsOf(entryArn)).toEqual({ a: "1", b: "2" });
  });
});

describe("The tags of a cluster", () => {
  it("The tags of a cluster are its own", async () => {
    await fixture.call("TagResource", { resourceArn: CLUSTER, tags: { team: "sre" } });
    expect(await tagsOf(CLUSTER)).toEqual({ team: "sre" });
    expect(await tagsOf(entryArn)).toEqual({ a: "1", b: "2" });
  });
});

describe.each([
  ["TagResource", { tags: { a: "1" } }],
  ["UntagResource", { tagKeys: ["a"] }],
  ["ListTagsForResource", {}],
])("%s refuses", (operation, members) => {
  it.each<[string, string, readonly unknown[]]>([
    [
      "a cluster that does not exist",
      `${CLUSTER}-2`,
      ["NotFoundException", 404, `Resource not found: ${CLUSTER}-2`],
    ],
    ["what is no ARN", "prod", ["BadRequestException", 400, "Invalid resource ARN: prod"]],
    [
      "half an entry's ARN",
      "arn:aws:eks:us-west-2:111122223333:access-entry/prod",
      [
        "BadRequestException",
        400,
        "Invalid resource ARN: arn:aws:eks:us-west-2:111122223333:access-entry/prod",
      ],
    ],
    [
      "a node group",
      "arn:aws:eks:us-west-2:111122223333:nodegroup/prod/n/1",
      ["NotEmulatedException", 501, expect.stringContaining("nodegroup")],
    ],
  ])("A call about tags is refused for %s", async (_, resourceArn, error) => {
    expect(await fixture.refusal(operation, { resourceArn, ...members })).toEqual(error);
  });
});
