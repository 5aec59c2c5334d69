/** Terraform's provider for AWS, as far as the module needs it: its documentation and sources, carried out by AWS's SDK. */
import { readFileSync } from "node:fs";
import {
  type Capability,
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Driver, Drivers, Provider, Values } from "./drivers.ts";

/** The settings of a client of the SDK. */
interface Settings {
  readonly endpoint: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

/** @param settings of a provider, by the account of its role */
export function awsDrivers(settings: (account: string | undefined) => Settings): Drivers {
  const at = ({ account, region: usual }: Provider, region: unknown = usual) => ({
    ...settings(account),
    region: String(region),
  });
  return {
    resources: {
      aws_cloudformation_stack: stackDriver(
        (provider, region) => new CloudFormationClient(at(provider, region)),
      ),
      aws_s3_bucket: bucketDriver((provider, region) => s3(at(provider, region))),
      aws_s3_object: objectDriver((provider, region) => s3(at(provider, region))),
    },
    data: {
      aws_caller_identity: async (_given, provider) => {
        const answer = await new STSClient(at(provider)).send(new GetCallerIdentityCommand({}));
        return { account_id: answer.Account, arn: answer.Arn };
      },
      aws_s3_bucket: async ({ bucket, region }, provider) => {
        const [name, place] = [String(bucket), String(region ?? provider.region)];
        await s3(at(provider, place))
          .send(new HeadBucketCommand({ Bucket: name }))
          .catch((error: { readonly $metadata?: { readonly httpStatusCode?: number } }) => {
            const status = error.$metadata?.httpStatusCode;
            throw new Error(`reading S3 Bucket (${name}): StatusCode: ${status}`, { cause: error });
          });
        const host = `${name}.s3.${place}.amazonaws.com`;
        return { id: name, region: place, bucket_region: place, bucket_regional_domain_name: host };
      },
    },
  };
}

type Clients<Client> = (provider: Provider, region: unknown) => Client;

const s3 = (settings: Settings & { readonly region: string }) =>
  new S3Client({ ...settings, forcePathStyle: true });

function stackDriver(clientOf: Clients<CloudFormationClient>): Driver {
  const inputOf = ({ name, template_url, parameters = {}, capabilities = [] }: Values) => ({
    StackName: String(name),
    TemplateURL: String(template_url),
    Parameters: Object.entries(parameters as object).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Capabilities: capabilities as Capability[],
  });
  async function read({ name, region }: Values, provider: Provider) {
    const asked = new DescribeStacksCommand({ StackName: String(name) });
    const found = await clientOf(provider, region)
      .send(asked)
      .catch((error: Error) => {
        if (/does not exist/.test(error.message)) return undefined;
        throw error;
      });
    const stack = found?.Stacks?.[0];
    const pairs = (stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
      OutputKey,
      OutputValue,
    ]);
    return (
      stack && { id: stack.StackId, status: stack.StackStatus, outputs: Object.fromEntries(pairs) }
    );
  }
  async function done(given: Values, provider: Provider): Promise<Values> {
    const { status, ...found } = (await read(given, provider)) ?? {};
    if (status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE") return found;
    throw new Error(
      `waiting for CloudFormation Stack (${given["name"]}): unexpected state '${status}'`,
    );
  }
  return {
    replacedBy: ["name", "region"],
    computed: ["id", "outputs"],
    async read(attributes, provider) {
      const found = await read(attributes, provider);
      return found && { id: found.id, outputs: found.outputs };
    },
    async create(given, provider) {
      await clientOf(provider, given["region"]).send(new CreateStackCommand(inputOf(given)));
      return done(given, provider);
    },
    async update(given, _before, provider) {
      await clientOf(provider, given["region"])
        .send(new UpdateStackCommand(inputOf(given)))
        .catch((error: Error) => {
          if (!/No updates are to be performed/.test(error.message)) throw error;
        });
      return done(given, provider);
    },
    async remove({ name, region }, provider) {
      const asked = new DeleteStackCommand({ StackName: String(name) });
      await clientOf(provider, region).send(asked);
      const left = await read({ name, region }, provider);
      if (left && left.status !== "DELETE_COMPLETE") throw new Error(`${name} is ${left.status}`);
    },
  };
}

function bucketDriver(clientOf: Clients<S3Client>): Driver {
  return {
    replacedBy: ["bucket", "region"],
    computed: ["id", "arn"],
    async read({ bucket, region }, provider) {
      const asked = new HeadBucketCommand({ Bucket: String(bucket) });
      const there = await clientOf(provider, region)
        .send(asked)
        .catch(() => undefined);
      return there && { id: bucket };
    },
    async create({ bucket, region }, provider) {
      await clientOf(provider, region).send(new CreateBucketCommand({ Bucket: String(bucket) }));
      return { id: bucket, arn: `arn:aws:s3:::${bucket}` };
    },
    update: async ({ bucket }) => ({ id: bucket }),
    async remove({ bucket, region }, provider) {
      await clientOf(provider, region).send(new DeleteBucketCommand({ Bucket: String(bucket) }));
    },
  };
}

function objectDriver(clientOf: Clients<S3Client>): Driver {
  async function put({ bucket, key, region, source }: Values, provider: Provider) {
    const Body = readFileSync(String(source));
    const place = { Bucket: String(bucket), Key: String(key) };
    await clientOf(provider, region).send(new PutObjectCommand({ ...place, Body }));
    return { id: key };
  }
  return {
    replacedBy: ["bucket", "key", "region"],
    computed: ["id", "etag"],
    async read({ bucket, key, region }, provider) {
      const place = { Bucket: String(bucket), Key: String(key) };
      const asked = clientOf(provider, region).send(new HeadObjectCommand(place));
      return (await asked.catch(() => undefined)) && { id: key };
    },
    create: put,
    update: (given, _before, provider) => put(given, provider),
    async remove({ bucket, key, region }, provider) {
      const place = { Bucket: String(bucket), Key: String(key) };
      await clientOf(provider, region).send(new DeleteObjectCommand(place));
    },
  };
}
