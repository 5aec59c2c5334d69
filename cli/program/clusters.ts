/** The commands on clusters, for admins and auditors. */
import { type Command, Option } from "commander";
import {
  checkCluster,
  clusterStanding,
  listClusters,
  STANDING_FORMATS,
  type StandingOptions,
} from "../commands/clusters.ts";
import { type ReachOptions, reach } from "../commands/reach.ts";
import type { Context } from "../context.ts";

const STORED =
  "\nIt shows what Timelatch's own reader stored, and how old that is. It calls no\nAWS service but the API, so your AWS credentials need no right on EKS.\n";

export function addClusterCommands(program: Command, run: (command: Command) => Context): void {
  program
    .command("reach")
    .description(
      "list who has access to a cluster, now or then: by grants and standing (admins, auditors)",
    )
    .option("-c, --cluster <name>", "a cluster, by its name in access.yaml; else all of them")
    .option("--who <person>", "only of this person, by the name in access.yaml")
    .option(
      "--at <instant>",
      "an instant of the past: 15:33, 'yesterday 15:33', '90m ago', or one with its zone; else now",
    )
    .option("--archive <folder>", "with --at: a synced copy of the sealed archive, not the API")
    .option("--key <public.pem>", "the public key that sealed the archive")
    .addHelpText("after", STORED)
    .action((options: ReachOptions, command: Command) => reach(run(command), options));
  const clusters = program
    .command("clusters")
    .description("see how clusters are set up, and who has standing access (admins, auditors)");
  clusters
    .command("list", { isDefault: true })
    .description("list the clusters of access.yaml (the default)")
    .action((_options: object, command: Command) => listClusters(run(command)));
  clusters
    .command("standing")
    .description("list what access entries give without a grant, the most power first")
    .argument("[name]", "a cluster, by its name in access.yaml; else all of them")
    .addOption(
      new Option("--format <format>", "text (default), csv or json").choices(STANDING_FORMATS),
    )
    .addHelpText("after", STORED)
    .action((name: string | undefined, options: StandingOptions, command: Command) =>
      clusterStanding(run(command), name, options),
    );
  clusters
    .command("check")
    .description("check mode, audit log, creator's entry and grantor role, with the next commands")
    .argument("<name>", "the cluster, by its name in access.yaml")
    .addHelpText("after", STORED)
    .action((name: string, _options: object, command: Command) => checkCluster(run(command), name));
}
