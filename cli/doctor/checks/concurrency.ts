import { advice, type Check, well } from "../check-result.ts";
import { stackName } from "../expected-names.ts";

/** From here on, the stack may reserve what ends access. `infra/synth/reserved-concurrency.ts` */
const ENOUGH = 110;

/**
 * The functions that end access do not share Lambda's concurrency with what strangers can call. A
 * new account has too little for that.
 */
export const concurrency: Check = {
  name: "concurrency",
  needs: [
    "lambda:GetAccountSettings",
    "lambda:GetFunctionConcurrency",
    "cloudformation:DescribeStackResources",
  ],
  async look({ broker, deployment }) {
    const { limit, unreserved } = await broker.concurrency();
    const own = await broker.convergeReserves(stackName(deployment));
    if (own !== undefined) return [well(`converge has ${own} of ${limit} for itself`)];
    const facts = `converge shares ${unreserved} with the API and Slack, which anybody can call`;
    return [
      unreserved < ENOUGH
        ? advice(
            facts,
            `have "Concurrent executions" of Lambda raised in Service Quotas, then set lambdaConcurrency`,
          )
        : advice(
            facts,
            `write lambdaConcurrency: ${unreserved} in timelatch.config.yaml, and deploy`,
          ),
    ];
  },
};
