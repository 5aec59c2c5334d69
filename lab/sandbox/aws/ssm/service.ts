import { AwsError, type Call, type Service } from "../service.ts";
import type { Store } from "../store.ts";
import { describeParameters } from "./describe-parameters.ts";
import { putParameter } from "./put-parameter.ts";
import type { SsmState, StoredParameter } from "./state.ts";

interface SsmContext {
  readonly ssm: Store<SsmState>;
  readonly account: string;
  readonly region: string;
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const MOST_NAMES = 10;

/**
 * AWS Systems Manager over AWS JSON 1.1: parameters of the standard tier are read and put. A
 * SecureString under the account's default key needs no permission of its own on KMS beside these.
 */
export function ssmService(context: SsmContext): Service {
  const { account, region } = context;
  const arnOf = (name: string) =>
    `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, "")}`;
  return {
    name: "ssm",
    protocol: {
      kind: "json",
      version: "1.1",
      targetPrefixes: ["AmazonSSM."],
      queryError: false,
      errorNamespace: "",
    },
    operations: {
      DescribeParameters: {
        permissions: () => [{ action: "ssm:DescribeParameters", resource: "*" }],
        run: (call) => describeParameters(context.ssm, call),
      },
      GetParameter: {
        permissions: (input) => [
          { action: "ssm:GetParameter", resource: arnOf(String(input["Name"])) },
        ],
        run: (call) => getParameter(context, arnOf, call),
      },
      GetParameters: {
        permissions: (input) =>
          namesOf(input).map((name) => ({
            action: "ssm:GetParameters",
            resource: arnOf(name),
          })),
        run: (call) => getParameters(context, arnOf, call),
      },
      PutParameter: {
        permissions: (input) => [
          { action: "ssm:PutParameter", resource: arnOf(String(input["Name"])) },
        ],
        run: (call) => putParameter(context.ssm, call),
      },
    },
  };
}

type ArnOf = (name: string) => string;

function getParameter({ ssm }: SsmContext, arnOf: ArnOf, { input }: Call) {
  const name = String(input["Name"]);
  const stored = ssm.state.parameters[name];
  if (!stored) throw new AwsError("ParameterNotFound", 400, "");
  return { Parameter: answered(name, stored, input["WithDecryption"] === true, arnOf) };
}

function getParameters({ ssm }: SsmContext, arnOf: ArnOf, { input }: Call) {
  const names = namesOf(input);
  const found = names.flatMap((name) => {
    const stored = ssm.state.parameters[name];
    return stored ? [answered(name, stored, input["WithDecryption"] === true, arnOf)] : [];
  });
  return {
    Parameters: found,
    InvalidParameters: names.filter((name) => !ssm.state.parameters[name]),
  };
}

function namesOf(input: Readonly<Record<string, unknown>>): readonly string[] {
  const names = input["Names"];
  if (!Array.isArray(names) || names.length === 0 || names.length > MOST_NAMES)
    throw new AwsError(
      "ValidationException",
      400,
      `Value at 'names' failed to satisfy constraint: Member must have length less than or equal to ${MOST_NAMES}`,
    );
  return names.map(String);
}

function answered(name: string, stored: StoredParameter, decrypt: boolean, arnOf: ArnOf) {
  const { type, value, version, modifiedAt } = stored;
  if (type === "SecureString" && !decrypt)
    throw new AwsError(
      "ValidationException",
      400,
      "The sandbox does not emulate the encrypted form of a SecureString; ask WithDecryption.",
    );
  return {
    Name: name,
    Type: type,
    Value: value,
    Version: version,
    LastModifiedDate: modifiedAt / 1_000,
    ARN: arnOf(name),
    DataType: "text",
  };
}
