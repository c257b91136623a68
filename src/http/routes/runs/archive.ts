import Type from "typebox";
import { ArchivedAnswer } from "../../../contract/answers.ts";
import { Name } from "../../../contract/fields.ts";
import { matchesGlob } from "../../../domain/words/glob.ts";
import type { Reader } from "../../../ports.ts";
import type { ArchiveDeps } from "../../../service/runs/archive-pipelines.ts";
import { archivePipeline, archivePipelines } from "../../../service/runs/archive-pipelines.ts";
import { maySee, requirePipeline } from "../../access/auth.ts";
import { sendNothing } from "../../answers/send.ts";
import type { TypedApp } from "../../server/typed-app.ts";

export interface ArchiveRoutesDeps {
  reader: Reader;
  archive: ArchiveDeps;
}

/** Names in an answer: how many there are is said beside them. */
const MOST_NAMED = 1000;

const ArchiveQuery = Type.Object(
  {
    pipeline_name: Type.String({
      minLength: 1,
      maxLength: 200,
      description: "the name of a pipeline, or a glob in which * is any text and ? one character",
    }),
    dry_run: Type.Optional(
      Type.Boolean({ description: "true or false; true: say which they are, and archive none of them" }),
    ),
  },
  { additionalProperties: false },
);

export function archiveRoutes(app: TypedApp, { reader, archive }: ArchiveRoutesDeps): void {
  app.delete(
    "/v1/pipelines/:pipeline_name",
    {
      config: { role: "operate" },
      schema: {
        tags: ["pipelines"],
        summary:
          "Archive a pipeline: its series and its gate go, its history stays; it comes back with its next report",
        params: Type.Object({ pipeline_name: Name }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { pipeline_name } = request.params;
      requirePipeline(request.caller, pipeline_name);
      await archivePipeline(archive, pipeline_name);
      return sendNothing(reply);
    },
  );
  app.delete(
    "/v1/pipelines",
    {
      config: { role: "operate" },
      schema: {
        tags: ["pipelines"],
        summary: "Archive every pipeline whose name matches, as after a flood of names that nobody wanted",
        querystring: ArchiveQuery,
        response: { 200: ArchivedAnswer },
      },
    },
    async (request) => {
      const { pipeline_name, dry_run = false } = request.query;
      const all = await reader.pipelineNames();
      const names = all.filter((name) => matchesGlob(pipeline_name, name) && maySee(request.caller, name));
      const matched = names.length;
      const archived = dry_run ? 0 : await archivePipelines(archive, names);
      return { dry_run, matched, archived, pipeline_names: names.slice(0, MOST_NAMED) };
    },
  );
}
