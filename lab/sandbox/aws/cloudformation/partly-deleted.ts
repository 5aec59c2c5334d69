import { ResourceFailure } from "./engine.ts";

/** Why one resource could not be deleted, where all others of its stack were. */
export class PartlyDeleted extends ResourceFailure {}
