/** The clusters' audit logs as log groups of CloudWatch: `/aws/eks/<cluster>/cluster`. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { LogEvent } from "../aws/logs/event-fields.ts";

const GROUP = /^\/aws\/eks\/([\w-]+)\/cluster$/;

/**
 * Reads the events of a log group from the folder of the sandbox's logs. Undefined for a group
 * that is not a cluster's, and for a cluster whose API server has written no log.
 *
 * @param isHere whether a cluster is of the account that asks
 */
export const auditLogGroups =
  (logDir: string, isHere: (cluster: string) => boolean = () => true) =>
  (group: string): readonly LogEvent[] | undefined => {
    const [, cluster] = GROUP.exec(group) ?? [];
    if (cluster === undefined || !isHere(cluster)) return undefined;
    const text = logText(path.join(logDir, `audit-${cluster}.log`));
    const logStream = `kube-apiserver-audit-${createHash("md5").update(cluster).digest("hex")}`;
    return text?.split("\n").flatMap((message) => {
      const timestamp = timestampOf(message);
      return timestamp === undefined ? [] : [{ timestamp, message, logStream }];
    });
  };

/** The text of a log file; undefined for one that nobody has written yet. */
export function logText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Undefined for a line that is still being written. */
function timestampOf(line: string): number | undefined {
  try {
    const { stageTimestamp } = JSON.parse(line) as { readonly stageTimestamp?: string };
    const at = Date.parse(stageTimestamp ?? "");
    return Number.isNaN(at) ? undefined : at;
  } catch {
    return undefined;
  }
}
