import { pageOf } from "../identitystore/page.ts";
import type { Service } from "../service.ts";

interface SsoAdminContext {
  /** `d-…` */
  readonly storeId: string;
  readonly account: string;
}

/**
 * Identity Center's administration over AWS JSON 1.1: only `ListInstances`, which says where the
 * users are.
 */
export function ssoAdminService({ storeId, account }: SsoAdminContext): Service {
  const instance = {
    InstanceArn: `arn:aws:sso:::instance/ssoins-${storeId.replace("d-", "722")}`,
    IdentityStoreId: storeId,
    OwnerAccountId: account,
    Status: "ACTIVE",
  };
  return {
    name: "sso",
    protocol: {
      kind: "json",
      version: "1.1",
      targetPrefixes: ["SWBExternalService."],
      queryError: false,
      errorNamespace: "com.amazonaws.ssoadmin#",
    },
    operations: {
      ListInstances: {
        permissions: () => [{ action: "sso:ListInstances", resource: "*" }],
        run: ({ input }) => {
          const { items, ...rest } = pageOf([instance], input, []);
          return { ...rest, Instances: items };
        },
      },
    },
  };
}
