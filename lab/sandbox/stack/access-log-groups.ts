/** The access logs of the API's stage as log groups of CloudWatch. They stay when the stack goes. */
import path from "node:path";
import type { LogEvent } from "../aws/logs/event-fields.ts";
import { logText } from "./audit-log-groups.ts";

/** The file of a log group, without `.log`. */
export const accessLogFile = (group: string): string => `access${group.replace(/[^\w.-]/g, "-")}`;

/** A line of the file. */
export const accessLogEntry = (at: Date, message: string): string => `${at.getTime()} ${message}`;

/** Reads the events of a log group from the folder of the sandbox's logs; undefined for another group. */
export const accessLogGroups =
  (logDir: string) =>
  (group: string): readonly LogEvent[] | undefined => {
    const text = logText(path.join(logDir, `${accessLogFile(group)}.log`));
    return text?.split("\n").flatMap((line) => {
      const [, at, message] = /^(\d+) (.*)$/.exec(line) ?? [];
      if (message === undefined) return [];
      return [{ timestamp: Number(at), message, logStream: "access" }];
    });
  };
