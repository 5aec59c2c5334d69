/** The commands of auditors. */
import { type Command, Option } from "commander";
import { type AuditBundleOptions, auditBundle } from "../commands/audit-bundle.ts";
import { type AuditExportOptions, auditExport } from "../commands/audit-export.ts";
import { type AuditReportOptions, auditReport, REPORT_FORMATS } from "../commands/audit-report.ts";
import { type AuditVerifyOptions, auditVerifyAny } from "../commands/audit-verify-any.ts";
import { type AuditWitnessOptions, auditWitness } from "../commands/audit-witness.ts";
import type { Context } from "../context.ts";
import { parseRequestId } from "../prompts/request-id.ts";
import { once } from "./options.ts";

type Run = (command: Command) => Context;

export function addAuditCommands(program: Command, run: Run): void {
  const audit = program.command("audit").description("export the record, and verify it");
  addExport(audit, run);
  addReport(audit, run);
  addBundle(audit, run);
  addVerify(audit, run);
  addWitness(audit, run);
}

function addExport(audit: Command, run: Run): void {
  audit
    .command("export")
    .description("write the events of a time, for auditors")
    .option("--from <moment>", "first moment: a day (UTC), or an instant with its zone")
    .option("--to <moment>", "end, itself not included; else now")
    .option("-c, --cluster <name>", "only requests on this cluster")
    .option("--person <name>", "only requests of this person, or on which they did something")
    .addOption(
      new Option(
        "--format <format>",
        "ndjson (default), which can be verified; csv; or ocsf (1.8.0), with findings",
      ).choices(["ndjson", "csv", "ocsf"]),
    )
    .option("--out <file>", "write to this file; else to standard output")
    .option("--overwrite", "replace the file where it is there already")
    .option(
      "--resume <file>",
      "continue an interrupted export into this file; of the others, only with --overwrite",
    )
    .action((options: AuditExportOptions, command: Command) => auditExport(run(command), options));
}

function addReport(audit: Command, run: Run): void {
  audit
    .command("report")
    .description("count a time's requests, and compare its calls with CloudTrail, for auditors")
    .option("--from <moment>", "first moment: a day (UTC), or an instant with its zone")
    .option("--to <moment>", "end, itself not included; else now")
    .addOption(
      new Option("--format <format>", "text (default), json, csv or a page of html").choices(
        REPORT_FORMATS,
      ),
    )
    .option("--out <file>", "write to this file; else to standard output")
    .option("--overwrite", "replace the file where it is there already")
    .option("--sample <n>", "draw that many requests, with each break-glass besides; needs --seed")
    .option("--seed <text>", "the same text draws the same requests again")
    .option(
      "--cloudtrail <files...>",
      "CloudTrail's own files, or folders of them, to compare with",
    )
    .action((options: AuditReportOptions, command: Command) => auditReport(run(command), options));
}

function addBundle(audit: Command, run: Run): void {
  audit
    .command("bundle")
    .description("write all evidence of one request into a folder, for auditors")
    .argument("<id>", "the request's id, or its beginning", parseRequestId)
    .option("--out <folder>", "the folder to write; it must not be there, or be empty")
    .option("--archive <folder>", "a synced copy of the sealed archive, for its seals")
    .action((id: string, options: AuditBundleOptions, command: Command) =>
      auditBundle(run(command), id, options),
    );
}

function addVerify(audit: Command, run: Run): void {
  audit
    .command("verify")
    .description("check that an export, a bundle or the archive was not altered; needs no network")
    .argument("<files...>", "an export (- for standard input), a bundle's or the archive's folder")
    .option("--key <public.pem>", "the public key that sealed the archive", once)
    .option("--until <day>", "fail if the archive's last seal is before this day", once)
    .option("--witness <checkpoint>", "fail if the archive is not the one of this checkpoint", once)
    .option("--witness-key <witness.pem>", "the public key of the witness that cosigned it", once)
    .action((files: readonly string[], options: AuditVerifyOptions, command: Command) =>
      auditVerifyAny(run(command), files, options),
    );
}

function addWitness(audit: Command, run: Run): void {
  audit
    .command("witness")
    .description(
      "cosign which seals an archive has, if they extend the last ones; needs no network",
    )
    .argument("<files...>", "the archive's folder, or its folder of seals")
    .requiredOption("--key <public.pem>", "the public key that sealed the archive")
    .requiredOption("--sign <private.pem>", "your own private key of Ed25519")
    .requiredOption("--name <name>", "your name as a witness, such as auditors.example.com")
    .requiredOption("--checkpoint <file>", "the last checkpoint; the new one takes its place")
    .action((files: readonly string[], options: AuditWitnessOptions, command: Command) =>
      auditWitness(run(command), files, options),
    );
}
