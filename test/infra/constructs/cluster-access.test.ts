/** A cluster that a team declares in CDK, prepared for Timelatch. */
import { App, Lazy, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { CfnCluster, type CfnClusterProps } from "aws-cdk-lib/aws-eks";
import { describe, expect, it } from "vitest";
import { TimelatchClusterAccess } from "../../../infra/library.ts";

function prepared(isNew: boolean, more: Partial<CfnClusterProps> = {}) {
  const stack = new Stack(new App(), "Clusters");
  const cluster = new CfnCluster(stack, "Prod", {
    resourcesVpcConfig: { subnetIds: ["subnet-1", "subnet-2"] },
    roleArn: "arn:aws:iam::111122223333:role/eks",
    ...more,
  });
  new TimelatchClusterAccess(stack, "Access", { cluster, name: "prod", isNew });
  return Template.fromStack(stack);
}
const clusterOf = (template: Template) =>
  Object.values(template.findResources("AWS::EKS::Cluster"))[0]?.["Properties"];

describe("TimelatchClusterAccess", () => {
  it("A new cluster has only access entries, its audit log, and no access of its creator", () => {
    expect(clusterOf(prepared(true))).toMatchObject({
      AccessConfig: {
        AuthenticationMode: "API",
        BootstrapClusterCreatorAdminPermissions: false,
      },
      Logging: { ClusterLogging: { EnabledTypes: [{ Type: "audit" }] } },
      Tags: [{ Key: "timelatch:cluster", Value: "prod" }],
    });
  });

  it("A cluster that stands is not replaced: its creator's access stays as it is", () => {
    const { AccessConfig } = clusterOf(prepared(false));
    expect(AccessConfig).toEqual({ AuthenticationMode: "API" });
    const declared = { accessConfig: { bootstrapClusterCreatorAdminPermissions: true } };
    expect(clusterOf(prepared(false, declared)).AccessConfig).toEqual({
      AuthenticationMode: "API",
      BootstrapClusterCreatorAdminPermissions: true,
    });
  });

  it("Logs that are on stay on, and the audit log is named once", () => {
    const logging = {
      clusterLogging: { enabledTypes: [{ type: "authenticator" }, { type: "audit" }] },
    };
    expect(clusterOf(prepared(true, { logging })).Logging).toEqual({
      ClusterLogging: { EnabledTypes: [{ Type: "audit" }, { Type: "authenticator" }] },
    });
  });

  it("Logs in a token are refused, since those that are on could be lost", () => {
    const logging = Lazy.any({ produce: () => ({}) });
    expect(() => prepared(true, { logging })).toThrow(/Nothing was synthesized/);
  });

  it("An output has the line of the cluster for access.yaml", () => {
    const [output] = Object.values(prepared(true).findOutputs("*"));
    expect(output?.["Value"]).toEqual({
      "Fn::Join": ["", ["prod: ", { "Fn::GetAtt": ["Prod", "Arn"] }]],
    });
  });
});
