/** CloudFormation's calls for an HTTP API. Its id is known to nobody before, so the rights are on every API. */
import { arnIn, type NamedResource } from "./named-resource.ts";
import type { Right } from "./right.ts";

const GATEWAY = ["DELETE", "GET", "PATCH", "POST", "PUT", "TagResource", "UntagResource"].map(
  (verb) => `apigateway:${verb}`,
);

const apis = (resource: NamedResource): readonly Right[] => [
  {
    actions: GATEWAY,
    resources: ["/apis", "/apis/*", "/tags/*"].map((path) =>
      arnIn(resource, "apigateway", path, { account: "" }),
    ),
  },
];

/** Rights for making a stage with access logs. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html */
const LOGGING = [
  ...["CreateLogDelivery", "DeleteLogDelivery", "DescribeResourcePolicies", "GetLogDelivery"],
  ...["ListLogDeliveries", "PutResourcePolicy", "UpdateLogDelivery"],
].map((verb) => `logs:${verb}`);

export const GATEWAY_TYPES: Readonly<
  Record<string, (resource: NamedResource) => readonly Right[]>
> = {
  "AWS::ApiGatewayV2::Api": apis,
  "AWS::ApiGatewayV2::Integration": apis,
  "AWS::ApiGatewayV2::Route": apis,
  "AWS::ApiGatewayV2::Stage": (resource) => [
    ...apis(resource),
    { actions: LOGGING, resources: ["*"] },
  ],
};
