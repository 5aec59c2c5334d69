// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub is written so.
/** A cloud assembly on disk, as `cdk synth` leaves it, around a template written by hand. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { codeFolders } from "../../../../lab/sandbox/stack/code-folders.ts";
import {
  type Assembly,
  localCode,
  type Template,
  templateText,
} from "../../../../lab/sandbox/template/assembly.ts";
import type { Place } from "../../../../lab/sandbox/template/resource-type.ts";

export const PLACE: Place = {
  account: "111122223333",
  region: "us-west-2",
  stackName: "Timelatch",
  awsUrl: "http://127.0.0.1:4566",
  apiUrl: "http://127.0.0.1:8080",
};

/** The folder. `code`: each function's `index.mjs`, by its asset's hash. */
export function assemblyDir(
  resources: Readonly<Record<string, unknown>>,
  code: Readonly<Record<string, string>> = {},
  outputs: Readonly<Record<string, unknown>> = {},
): string {
  const dir = mkdtempSync(path.join(tmpdir(), "assembly-"));
  const files = Object.keys(code).map((hash) => [
    hash,
    { source: { path: `asset.${hash}`, packaging: "zip" } },
  ]);
  for (const [hash, text] of Object.entries(code)) {
    mkdirSync(path.join(dir, `asset.${hash}`));
    writeFileSync(path.join(dir, `asset.${hash}`, "index.mjs"), text);
  }
  const template = {
    Resources: resources,
    Outputs: outputs,
    Parameters: {
      BootstrapVersion: {
        Type: "AWS::SSM::Parameter::Value<String>",
        Default: "/cdk-bootstrap/hnb659fds/version",
      },
    },
    Rules: { CheckBootstrapVersion: { Assertions: [] } },
    Conditions: { CDKMetadataAvailable: { "Fn::Equals": [{ Ref: "AWS::Region" }, "us-west-2"] } },
  };
  const stack = { type: "aws:cloudformation:stack", environment: "aws://111122223333/us-west-2" };
  writeFileSync(
    path.join(dir, "manifest.json"),
    JSON.stringify({ artifacts: { Timelatch: stack } }),
  );
  writeFileSync(path.join(dir, "Timelatch.template.json"), JSON.stringify(template));
  writeFileSync(
    path.join(dir, "Timelatch.assets.json"),
    JSON.stringify({ files: Object.fromEntries(files) }),
  );
  return dir;
}

export function assembly(...parts: Parameters<typeof assemblyDir>): Assembly {
  const dir = assemblyDir(...parts);
  const stackName = "Timelatch";
  return {
    stackName,
    template: JSON.parse(templateText(dir, stackName)) as Template,
    assetDir: codeFolders(localCode(dir, stackName)),
  };
}

/** A role and a function of it, as CDK writes them. */
export const FUNCTION_RESOURCES = {
  Role: {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: "lambda.amazonaws.com" },
          },
        ],
      },
    },
  },
  Fn: {
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: { S3Bucket: { "Fn::Sub": "cdk-assets-${AWS::AccountId}" }, S3Key: "abc.zip" },
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Role: { "Fn::GetAtt": ["Role", "Arn"] },
    },
  },
} as const;
