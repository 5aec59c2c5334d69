import { partitionOf } from "../../shared/domain/values/arn.ts";

/** An account in a region. */
export interface Place {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/**
 * The command line that prepares a place for the CDK.
 *
 * @param trusted the account that deploys there, where it is another one. The CDK's command then wants to be
 *   given the policies that it deploys with.
 */
export function bootstrapCommand({ account, region }: Place, trusted: string | undefined): string {
  const command = `node_modules/.bin/cdk bootstrap aws://${account}/${region}`;
  if (trusted === undefined) return command;
  const policy = `arn:${partitionOf(region)}:iam::aws:policy/AdministratorAccess`;
  return `${command} --trust ${trusted} --trust-for-lookup ${trusted} --cloudformation-execution-policies ${policy}`;
}
