/**
 * What `cdk bootstrap` makes in a region of an account before anything can be deployed there: the staging bucket, the
 * roles that the CDK's command takes, and the version in Parameter Store. The names are the CDK's own.
 * https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
import type { IamRole, IamState, PolicyDocument } from "../aws/iam/state.ts";
import type { S3State } from "../aws/s3/state.ts";
import type { SsmState } from "../aws/ssm/state.ts";
import type { Store } from "../aws/store.ts";
import { uniqueId } from "../aws/unique-id.ts";
import { ACCOUNT, type AccountRegion } from "./account.ts";

/** The version of the template that the CDK's command 2.1148 brings. */
const VERSION = "33";
const QUALIFIER = "cdk-hnb659fds";
const PARAMETER = "/cdk-bootstrap/hnb659fds/version";

export interface BootstrappedStores {
  readonly iam: Store<IamState>;
  readonly s3: Store<S3State>;
  readonly places: readonly (AccountRegion & { readonly ssm: Store<SsmState> })[];
}

/** Prepares both accounts in every region, unless they are. The second one trusts the first. */
export function declareBootstrap(stores: BootstrappedStores, now: Date): void {
  for (const place of stores.places) {
    const { account, region } = place;
    place.ssm.change((state) => {
      state.parameters[PARAMETER] ??= {
        ...{ type: "String", value: VERSION, version: 1, modifiedAt: now.getTime() },
      };
    });
    stores.s3.change(({ buckets }) => {
      buckets[bucketName(place)] ??= {
        ...{ name: bucketName(place), account, region, isVersioned: true, isLockable: false },
        ...{ policies: [], objects: {} },
      };
    });
    stores.iam.change((state) => {
      for (const role of rolesOf(place, now)) state.roles[role.arn] ??= role;
    });
  }
}

const bucketName = ({ account, region }: AccountRegion) =>
  `${QUALIFIER}-assets-${account}-${region}`;

const document = (...Statement: readonly Readonly<Record<string, unknown>>[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement,
});

const allow = (Action: readonly string[], Resource: string | readonly string[] = "*") => ({
  ...{ Effect: "Allow", Action, Resource },
});

/** The account itself, and the broker's: `cdk bootstrap --trust 111122223333`. */
const trust = (account: string): PolicyDocument =>
  document(
    ...[...new Set([account, ACCOUNT])].map((one) => ({
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${one}:root` },
      Action: ["sts:AssumeRole", "sts:TagSession"],
    })),
  );

const BUCKET_ACTIONS = [
  ...["s3:GetObject*", "s3:GetBucket*", "s3:GetEncryptionConfiguration", "s3:List*"],
  ...["s3:DeleteObject*", "s3:PutObject*", "s3:Abort*"],
];

const STACK_ACTIONS = [
  ...["CreateChangeSet", "DeleteChangeSet", "ExecuteChangeSet", "CreateStack", "UpdateStack"],
  ...["RollbackStack", "ContinueUpdateRollback", "DeleteStack", "UpdateTerminationProtection"],
  // AWSCloudFormationReadOnlyAccess, AWS's managed policy.
  ...["Describe*", "EstimateTemplateCost", "Get*", "List*", "ValidateTemplate", "Detect*"],
].map((name) => `cloudformation:${name}`);

function rolesOf(place: AccountRegion, now: Date): readonly IamRole[] {
  const { account, region } = place;
  const bucket = `arn:aws:s3:::${bucketName(place)}`;
  const own = [bucket, `${bucket}/*`];
  const nameOf = (part: string) => `${QUALIFIER}-${part}-${account}-${region}`;
  const arnOf = (part: string) => `arn:aws:iam::${account}:role/${nameOf(part)}`;
  const role = (part: string, trustPolicy: PolicyDocument, policy: PolicyDocument): IamRole => ({
    ...{ kind: "role", arn: arnOf(part), roleName: nameOf(part), path: "/" },
    ...{ roleId: uniqueId("AROA"), createDate: now.toISOString(), maxSessionDuration: 3600 },
    ...{ assumeRolePolicyDocument: trustPolicy, policies: { default: policy } },
  });
  return [
    role(
      "deploy-role",
      trust(account),
      document(
        allow(STACK_ACTIONS),
        allow(["sts:GetCallerIdentity"]),
        allow(["iam:PassRole"], arnOf("cfn-exec-role")),
        allow(["s3:GetObject*", "s3:GetBucket*", "s3:List*"], own),
        allow(["ssm:GetParameter", "ssm:GetParameters"], parameterArn(place)),
      ),
    ),
    role("file-publishing-role", trust(account), document(allow(BUCKET_ACTIONS, own))),
    role(
      "lookup-role",
      trust(account),
      document(allow(LOOKUPS), {
        ...{ Sid: "DontReadSecrets", Effect: "Deny", Action: ["kms:Decrypt"], Resource: "*" },
      }),
    ),
    role(
      "cfn-exec-role",
      document({
        Effect: "Allow",
        Principal: { Service: "cloudformation.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
      document(allow(["*"])),
    ),
  ];
}

const parameterArn = ({ account, region }: AccountRegion) =>
  `arn:aws:ssm:${region}:${account}:parameter${PARAMETER}`;

/** Of AWS's ReadOnlyAccess, what services of the sandbox know. */
const LOOKUPS = ["cloudformation", "cloudtrail", "eks", "iam", "s3", "ssm"].flatMap((service) =>
  ["Describe", "Get", "List", "Lookup"].map((verb) => `${service}:${verb}*`),
);
