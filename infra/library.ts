/** The exports of `@timelatch/cdk`: constructs for people who deploy with an app of their own. */
export {
  TimelatchClusterAccess,
  type TimelatchClusterAccessProps,
} from "./constructs/cluster-access.ts";
export { Timelatch, type TimelatchProps } from "./constructs/timelatch.ts";
export {
  TimelatchClusterAccount,
  type TimelatchClusterAccountProps,
} from "./constructs/timelatch-cluster-account.ts";
export { TimelatchWitness, type TimelatchWitnessProps } from "./constructs/timelatch-witness.ts";
export { readDeployment } from "./synth/read-deployment.ts";
