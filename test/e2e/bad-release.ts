/** A release whose functions all throw, deployed as somebody would who has no tests. */
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
} from "@aws-sdk/client-cloudformation";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import { zipOf } from "../lab/sandbox/process/zip.ts";
import { administrator } from "./switches.ts";

const StackName = "Timelatch";
const Bucket = "cdk-hnb659fds-assets-111122223333-us-west-2";
const CODE = 'export const handler = async () => { throw new Error("a bad release"); };';

/** @returns the stack's status afterwards */
export async function badRelease(sandbox: SandboxAddresses, name: string): Promise<string> {
  const as = administrator(sandbox);
  const cloudFormation = new CloudFormationClient(as);
  const s3 = new S3Client({ ...as, forcePathStyle: true });
  const put = (Key: string, Body: Buffer | string) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const { TemplateBody = "{}" } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
  const template = JSON.parse(TemplateBody);
  const S3Key = `${name}.zip`;
  for (const { Type, Properties } of Object.values<{ Type: string; Properties: object }>(
    template.Resources,
  ))
    if (Type === "AWS::Lambda::Function")
      Object.assign(Properties, { Code: { S3Bucket: Bucket, S3Key } });
  await put(S3Key, zipOf({ "index.mjs": CODE }));
  await put(`${name}.json`, JSON.stringify(template));
  const change = { StackName, ChangeSetName: name };
  await cloudFormation.send(
    new CreateChangeSetCommand({
      ...change,
      TemplateURL: `https://s3.us-west-2.amazonaws.com/${Bucket}/${name}.json`,
      Capabilities: ["CAPABILITY_NAMED_IAM"],
    }),
  );
  await cloudFormation.send(new ExecuteChangeSetCommand(change));
  const { Stacks: [stack] = [] } = await cloudFormation.send(
    new DescribeStacksCommand({ StackName }),
  );
  return stack?.StackStatus ?? "";
}
