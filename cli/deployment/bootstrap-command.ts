import { partitionOf } from "../../shared/domain/values/arn.ts";

/** An account in a region. */
export interface Place {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** Without another name, one bootstrap would take the place of the other. */
const qualified = (qualifier: string | undefined): string =>
  qualifier === undefined || qualifier === DEFAULT_QUALIFIER
    ? ""
    : ` --qualifier ${qualifier} --toolkit-stack-name CDKToolkit-${qualifier}`;

/** https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html */
const DEFAULT_QUALIFIER = "hnb659fds";

/**
 * The command line that prepares a place for the CDK.
 *
 * @param qualifier in the names of what the bootstrap makes; the CDK's own by default
 * @param trusted the account that deploys there, where it is another one. The CDK's command then wants to be
 *   given the policies that it deploys with.
 */
export function bootstrapCommand(
  { account, region }: Place,
  trusted: string | undefined,
  qualifier?: string,
): string {
  const command = `node_modules/.bin/cdk bootstrap aws://${account}/${region}${qualified(qualifier)}`;
  if (trusted === undefined) return command;
  const policy = `arn:${partitionOf(region)}:iam::aws:policy/AdministratorAccess`;
  return `${command} --trust ${trusted} --trust-for-lookup ${trusted} --cloudformation-execution-policies ${policy}`;
}
