/**
 * `aws` for the end-to-end tests: the AWS CLI of /usr/bin, loaded once for all of them. It is beside the bundled
 * `timelatch`, so kubectl and the shells of tests find it first on their PATH.
 */
import { startAwsCli } from "../aws-cli/start.ts";
import { commandFolder } from "./bundled-command.ts";

/** Runs after the setup of the command, whose folder it takes. */
export const setup = (): Promise<() => Promise<void>> => startAwsCli(commandFolder());
