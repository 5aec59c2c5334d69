/** A function that was uploaded and deployed by an operator, behind an HTTP API. */
import { AwsClient } from "aws4fetch";
import { expect, it } from "vitest";
import { freePort } from "../../../../lab/sandbox/process/network-ports.ts";
import { startStacks } from "../../../../lab/sandbox/stack/start-stacks.ts";
import { ACCOUNT, REGION } from "../../../../lab/sandbox/world/account.ts";
import { profileCredential } from "../../../../lab/sandbox/world/people.ts";
import { zipOf } from "../process/zip.ts";
import { FUNCTION_RESOURCES } from "../template/assembly-fixture.ts";
import { bootstrappedWorld, deployed } from "./cloudformation-world.ts";

const BUCKET = `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`;
const code = (answer: string) =>
  zipOf({
    "index.mjs": `export const handler = async () => ({ statusCode: 200, body: "${answer}" });`,
  });

/** @param key of the code in the bucket */
const template = (key: string) =>
  JSON.stringify({
    Resources: {
      Role: FUNCTION_RESOURCES.Role,
      Fn: {
        Type: "AWS::Lambda::Function",
        Properties: {
          ...FUNCTION_RESOURCES.Fn.Properties,
          Code: { S3Bucket: BUCKET, S3Key: key },
        },
      },
      Api: { Type: "AWS::ApiGatewayV2::Api", Properties: { ProtocolType: "HTTP" } },
      Stage: of("Stage", { ApiId: { Ref: "Api" }, StageName: "$default" }),
      Integration: of("Integration", {
        ApiId: { Ref: "Api" },
        IntegrationType: "AWS_PROXY",
        PayloadFormatVersion: "2.0",
        IntegrationUri: { "Fn::GetAtt": ["Fn", "Arn"] },
      }),
      Route: of("Route", {
        ApiId: { Ref: "Api" },
        RouteKey: "$default",
        AuthorizationType: "AWS_IAM",
        Target: { "Fn::Join": ["", ["integrations/", { Ref: "Integration" }]] },
      }),
      Permission: {
        Type: "AWS::Lambda::Permission",
        Properties: {
          Action: "lambda:InvokeFunction",
          FunctionName: { Ref: "Fn" },
          Principal: "apigateway.amazonaws.com",
        },
      },
    },
  });

const of = (type: string, Properties: Readonly<Record<string, unknown>>) => ({
  Type: `AWS::ApiGatewayV2::${type}`,
  Properties,
});

it("An uploaded function answers once its stack is made, is replaced by an update, goes on after a restart, and ends with its stack", async () => {
  const port = await freePort();
  let world = await bootstrappedWorld(undefined, port);
  const client = (service: string) => {
    const { iam } = world.state;
    const key = profileCredential(iam.state, service === "s3" ? "admin" : "mallory");
    const { accessKeyId = "", secretAccessKey = "", sessionToken = "" } = key ?? {};
    const keys = { accessKeyId, secretAccessKey, sessionToken };
    return new AwsClient({ ...keys, service, region: REGION, retries: 0 });
  };
  const upload = async (key: string, zip: Buffer) =>
    (
      await client("s3").fetch(`${world.url}/${BUCKET}/${key}`, {
        method: "PUT",
        body: new Uint8Array(zip),
      })
    ).status;
  const asked = async () => (await client("execute-api").fetch(`http://127.0.0.1:${port}/`)).text();

  await expect(asked()).rejects.toThrow();
  expect(await upload("one.zip", code("one"))).toBe(200);
  const made = await deployed(world.admin, "Uploaded", template("one.zip"));
  expect(made.first("StackStatus")).toBe("CREATE_COMPLETE");
  expect(await asked()).toBe("one");

  expect(await upload("two.zip", code("two"))).toBe(200);
  const changed = await deployed(world.admin, "Uploaded", template("two.zip"));
  expect(changed.first("StackStatus")).toBe("UPDATE_COMPLETE");
  expect(await asked()).toBe("two");

  await world.close();
  world = await bootstrappedWorld(world.dir, port);
  await startStacks(world.accounts, world.state, undefined, "Timelatch");
  expect(await asked()).toBe("two");
  await world.admin("DeleteStack", { StackName: "Uploaded" });
  await expect(asked()).rejects.toThrow();
  await world.close();
});
