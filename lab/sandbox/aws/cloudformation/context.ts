import type { Caller, PermissionCheck } from "../service.ts";
import type { SsmState } from "../ssm/state.ts";
import type { Store } from "../store.ts";
import type { StackEngine } from "./engine.ts";
import type { CloudFormationState } from "./state.ts";

/** CloudFormation of one account and region. */
export interface CloudFormationContext {
  /** The stacks of all accounts. */
  readonly cloudFormation: Store<CloudFormationState>;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly engine: StackEngine;
  /** The account's Parameter Store, for parameters of type `AWS::SSM::Parameter::Value<String>`. */
  readonly ssm: Store<SsmState>;
  /** Reads a template from S3 as the caller. @throws AwsError as S3 refuses */
  readonly readObject: (bucket: string, key: string, caller: Caller) => Promise<string>;
  /** @throws AwsError AccessDenied where the caller's policies do not allow it */
  readonly demand: (caller: Caller, check: PermissionCheck) => Promise<void>;
  /** Whether CloudFormation may assume a role, with condition keys of who makes it do so. */
  readonly mayAssume: (roleArn: string, context?: Readonly<Record<string, string>>) => boolean;
  /** The session that CloudFormation has of a role. */
  readonly sessionOf: (roleArn: string) => Caller;
  /** The session that somebody gets of a role; undefined where there is no such role, or it may not be assumed. */
  readonly assume: (
    caller: Caller,
    roleArn: string,
    sessionName: string,
  ) => Promise<Caller | undefined>;
  /**
   * CloudFormation of another account or region; undefined if the sandbox does not have that place.
   */
  readonly elsewhere: (account: string, region: string) => CloudFormationContext | undefined;
}
