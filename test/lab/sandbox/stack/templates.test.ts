/**
 * The parts of templates beside plain resources: YAML, conditions, lists, exports, parameters and
 * repositories.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAR_REGION, SPOKE_ACCOUNT } from "../../../../lab/sandbox/world/account.ts";
import {
  type Answered,
  type Call,
  cloudFormationWorld,
  deployed,
  roleResource,
} from "./cloudformation-world.ts";

let world: Awaited<ReturnType<typeof cloudFormationWorld>>;
let admin: Call;
beforeAll(async () => {
  world = await cloudFormationWorld();
  admin = world.admin;
});
afterAll(() => world.close());

const ROOT = "arn:aws:iam::111122223333:root";
const refusal = ({ status, first }: Answered) => `${status} ${first("Code")}: ${first("Message")}`;
const given = (ParameterKey: string, ParameterValue: string) => ({
  "Parameters.member.1.ParameterKey": ParameterKey,
  "Parameters.member.1.ParameterValue": ParameterValue,
});
const resourcesOf = async (StackName: string) =>
  (await admin("ListStackResources", { StackName })).all("LogicalResourceId");

describe("A template in YAML", () => {
  const yaml = `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: {"Fn::Sub": "yaml-\${AWS::Region}"}  # a comment
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {AWS: "${ROOT}"}}]
`;

  it("It is deployed as it would be in JSON, and GetTemplate answers its text", async () => {
    const made = await deployed(admin, "Yaml", yaml);
    expect(made.first("StackStatus")).toBe("CREATE_COMPLETE");
    expect(
      world.state.iam.state.roles["arn:aws:iam::111122223333:role/yaml-us-west-2"],
    ).toBeDefined();
    expect((await admin("GetTemplate", { StackName: "Yaml" })).text).toContain("# a comment");
  });

  it.each([
    [
      "the short form of a function",
      yaml.replace('{"Fn::Sub": ', "!Sub ").replace('"}  #', '"  #'),
      "!Sub",
    ],
    ["what is no YAML", `${yaml}  Role: [`, "YAML not well-formed"],
  ])("%s is refused", async (_what, template, expected) => {
    const answer = refusal(await deployed(admin, "BadYaml", template));
    expect(answer).toMatch(/^400 ValidationError: Template format error: /);
    expect(answer).toContain(expected);
  });
});

describe("A template with conditions", () => {
  const template = JSON.stringify({
    Parameters: {
      Names: { Type: "CommaDelimitedList", Default: "", AllowedPattern: "[a-z,]*" },
    },
    Conditions: {
      HasNames: {
        "Fn::Not": [{ "Fn::Equals": ["", { "Fn::Join": ["", { Ref: "Names" }] }] }],
      },
    },
    Resources: {
      Always: roleResource("Always", ROOT),
      Sometimes: { ...roleResource("Sometimes", ROOT), Condition: "HasNames" },
    },
    Outputs: {
      Names: {
        Value: { "Fn::Join": ["+", { Ref: "Names" }] },
        Condition: "HasNames",
        Export: { Name: { "Fn::Sub": "$" + "{AWS::StackName}-names" } },
      },
    },
  });
  const changes = async (more = {}) => {
    const names = { StackName: "Conditions", ChangeSetName: "look" };
    await admin("CreateChangeSet", {
      ...names,
      ChangeSetType: "UPDATE",
      TemplateBody: template,
      ...more,
      "Capabilities.member.1": "CAPABILITY_NAMED_IAM",
    });
    const { all } = await admin("DescribeChangeSet", names);
    await admin("DeleteChangeSet", names);
    return all("Action").map((action, at) => `${action} ${all("LogicalResourceId")[at]}`);
  };

  it("A resource comes and goes with its condition, and the change set says so before", async () => {
    await deployed(admin, "Conditions", template);
    expect(await resourcesOf("Conditions")).toEqual(["Always"]);
    expect(await changes(given("Names", "a,b"))).toEqual(["Add Sometimes"]);
    const made = await deployed(admin, "Conditions", template, given("Names", "a,b"));
    expect([made.first("OutputValue"), made.first("ExportName")]).toEqual([
      ...["a+b", "Conditions-names"],
    ]);
    expect((await admin("ListExports")).all("Name")).toEqual(["Conditions-names"]);
    expect(await resourcesOf("Conditions")).toEqual(["Always", "Sometimes"]);
    expect(await changes(given("Names", ""))).toEqual(["Remove Sometimes"]);
    const without = await deployed(admin, "Conditions", template, given("Names", ""));
    expect(without.first("OutputValue")).toBe("");
    expect(await resourcesOf("Conditions")).toEqual(["Always"]);
  });

  it("A value that the pattern does not allow is refused", async () => {
    const answer = await deployed(admin, "Conditions", template, given("Names", "A"));
    expect(refusal(answer)).toBe(
      "400 ValidationError: Parameter Names failed to satisfy constraint: [a-z,]*",
    );
  });

  it("A condition that is not emulated is refused before anything is there", async () => {
    const bad = template.replace("Fn::Not", "Fn::EachMemberIn");
    expect(refusal(await deployed(admin, "BadCondition", bad))).toBe(
      "400 ValidationError: Template error: Condition HasNames: the sandbox does not emulate Fn::EachMemberIn as a condition.",
    );
    expect((await admin("DescribeStacks", { StackName: "BadCondition" })).status).toBe(400);
  });
});

describe("The resources of CDK's bootstrap beside roles", () => {
  const template = (Value: string, more = {}) =>
    JSON.stringify({
      Resources: {
        Version: {
          Type: "AWS::SSM::Parameter",
          Properties: { Name: "/probe/version", Type: "String", Value, ...more },
        },
        Images: { Type: "AWS::ECR::Repository", Properties: { RepositoryName: "probe-images" } },
        Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "probe-bucket" } },
      },
      Outputs: { Arn: { Value: { "Fn::GetAtt": ["Images", "Arn"] } } },
    });
  const parameter = () =>
    world.state.places.map(
      ({ account, region, ssm }) =>
        `${account} ${region} ${ssm.state.parameters["/probe/version"]?.value} ${ssm.state.parameters["/probe/version"]?.version}`,
    );

  it("A parameter, a repository and a bucket are where their stack is, and go with it", async () => {
    const made = await deployed(world.remoteAdmin, "Far", template("1"));
    expect(made.first("OutputValue")).toBe(
      `arn:aws:ecr:${FAR_REGION}:${SPOKE_ACCOUNT}:repository/probe-images`,
    );
    expect(parameter().filter((one) => !one.includes("undefined"))).toEqual([
      `${SPOKE_ACCOUNT} ${FAR_REGION} 1 1`,
    ]);
    expect(world.state.s3.state.buckets["probe-bucket"]).toMatchObject({
      account: SPOKE_ACCOUNT,
      region: FAR_REGION,
    });
    await deployed(world.remoteAdmin, "Far", template("2"));
    expect(parameter()).toContain(`${SPOKE_ACCOUNT} ${FAR_REGION} 2 2`);
    await world.remoteAdmin("DeleteStack", { StackName: "Far" });
    expect(parameter().filter((one) => !one.includes("undefined"))).toEqual([]);
    expect(world.state.s3.state.buckets["probe-bucket"]).toBeUndefined();
  });

  it("A parameter of another type or with a tier is refused", async () => {
    for (const [more, named] of [
      [{ Type: "StringList" }, "the type StringList"],
      [{ Tier: "Advanced" }, "Tier"],
    ] as const) {
      const answer = await deployed(world.remoteAdmin, "Bad", template("1", more));
      expect(answer.first("StackStatus")).toBe("ROLLBACK_COMPLETE");
      const { text } = await world.remoteAdmin("DescribeStackEvents", { StackName: "Bad" });
      expect(text).toContain(named);
      await world.remoteAdmin("DeleteStack", { StackName: "Bad" });
    }
  });
});
