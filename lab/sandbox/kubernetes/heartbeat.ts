import { auditEvent } from "./audit-log.ts";
import { AUTHENTICATED } from "./user-info.ts";

const NAME = "kube-controller-manager";
const GROUP = "coordination.k8s.io";

/**
 * The audit event of the controller manager, which renews its lease. A real cluster's components make
 * such requests all the time, so its audit log is never silent while it is on.
 */
export const heartbeat = (now: Date): string =>
  auditEvent(
    {
      requestURI: `/apis/${GROUP}/v1/namespaces/kube-system/leases/${NAME}`,
      sourceIP: "127.0.0.1",
      userAgent: NAME,
      received: now,
      attributes: {
        verb: "update",
        resourceRequest: true,
        apiGroup: GROUP,
        apiVersion: "v1",
        resource: "leases",
        subresource: "",
        namespace: "kube-system",
        name: NAME,
        path: "",
      },
      user: { username: `system:${NAME}`, uid: "", groups: [AUTHENTICATED], extra: {} },
      decision: {
        allowed: true,
        reason: `RBAC: allowed by ClusterRoleBinding "system:${NAME}" of ClusterRole "system:${NAME}" to User "system:${NAME}"`,
      },
    },
    200,
    now,
  );
