import { partitionOf } from "../../shared/domain/values/arn.ts";
import type { StackPlace } from "./assembly.ts";

/** An account in a region. */
export interface Place {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** Terms that a landing zone sets. */
export interface BootstrapTerms extends Pick<StackPlace, "versionParameter"> {
  /** ARNs of policies with CloudFormation's rights; administrator's rights without them. */
  readonly policies?: readonly string[];
}

/**
 * The command line that prepares a place for the CDK.
 *
 * @param trusted the account that deploys there, where it is another one. The CDK's command then wants to be
 *   given the policies that it deploys with.
 */
export function bootstrapCommand(
  { account, region }: Place,
  trusted: string | undefined,
  { versionParameter, policies }: BootstrapTerms = {},
): string {
  const everything = `arn:${partitionOf(region)}:iam::aws:policy/AdministratorAccess`;
  const may = policies ?? (trusted === undefined ? undefined : [everything]);
  return [
    `node_modules/.bin/cdk bootstrap aws://${account}/${region} ${NO_APP}`,
    ...qualified(versionParameter),
    ...(trusted === undefined ? [] : [`--trust ${trusted} --trust-for-lookup ${trusted}`]),
    ...(may ? [`--cloudformation-execution-policies ${may.join(",")}`] : []),
  ].join(" ");
}

/** The CDK's command synthesizes the app of `cdk.json` first, and fails where that fails. A bootstrap needs nothing of it. */
const NO_APP = '--app ""';

/** https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html */
const DEFAULT_QUALIFIER = "hnb659fds";

/**
 * The parameter's name has the qualifier: `/cdk-bootstrap/<qualifier>/version`. Without another name of the stack, one
 * bootstrap would take the place of the other.
 */
function qualified(versionParameter = ""): readonly string[] {
  const [, qualifier = DEFAULT_QUALIFIER] =
    /^\/cdk-bootstrap\/([^/]+)\/version$/.exec(versionParameter) ?? [];
  return qualifier === DEFAULT_QUALIFIER
    ? []
    : [`--qualifier ${qualifier} --toolkit-stack-name CDKToolkit-${qualifier}`];
}
