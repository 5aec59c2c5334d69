import { DefaultStackSynthesizer, type IStackSynthesizer } from "aws-cdk-lib";

/**
 * For a stack without assets: its template has no rule that asks for CDK's bootstrap, so plain CloudFormation and
 * StackSets take it. CDK's types differ from its own interface in one optional member.
 */
export const plainSynthesizer = (): IStackSynthesizer =>
  new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer;
